# Chacun tient en un segment de 160 caractères, quel que soit le nom de la société dans l'alphabet GSM, auquel manquent
# ç, ê, â, î, ô, û et œ : les phrases s'en passent. `short` sert quand un nom demande un autre alphabet, qui n'en laisse que 70.
sign-in-code = { $code } est votre code de connexion pour { $company }. Ne le donnez à personne.
    .short = { $code } est votre code de connexion.
set-up-code = { $code } est votre code de configuration pour { $company }. Ne le donnez à personne.
    .short = { $code } est votre code de configuration.

set-up-started = { $company } : configuration de la vérification en deux étapes. Pas vous ? Changez votre mot de passe.
    .short = Configuration en deux étapes. Pas vous ? Changez de mot de passe.
two-step-activated = { $company } : la vérification en deux étapes est activée. Pas vous ? Prévenez votre administrateur.
    .short = Vérification en deux étapes activée. Pas vous ? Prévenez l'admin.
method-changed = { $company } : vos méthodes de vérification ont changé. Pas vous ? Prévenez votre administrateur.
    .short = Méthodes de vérification modifiées. Pas vous ? Prévenez l'admin.
two-step-turned-off = { $company } : la vérification en deux étapes est désactivée. Surpris ? Demandez à votre administrateur.
    .short = Vérification en deux étapes désactivée. Surpris ? Demandez.
reset-by-admin = { $company } : votre vérification en deux étapes a été réinitialisée. Surpris ? Demandez à l'administrateur.
    .short = Vérification en deux étapes réinitialisée. Surpris ? Demandez.
five-failures = { $company } : cinq codes erronés pour votre compte. Pas vous ? Changez votre mot de passe.
    .short = Cinq codes erronés. Pas vous ? Changez votre mot de passe.
locked = { $company } : trop de codes erronés, votre compte est bloqué. Pas vous ? Prévenez votre administrateur.
    .short = Votre compte est bloqué. Pas vous ? Prévenez l'administrateur.
unlocked = { $company } : votre compte est débloqué. Vous pouvez de nouveau vous connecter.
    .short = Votre compte est débloqué. Vous pouvez vous connecter.
recovery-code-used = { $company } : un code de secours a servi pour votre compte. Pas vous ? Changez votre mot de passe.
    .short = Un code de secours a servi. Pas vous ? Changez de mot de passe.
password-changed = { $company } : votre mot de passe a été changé. Pas vous ? Prévenez votre administrateur.
    .short = Mot de passe changé. Pas vous ? Prévenez votre administrateur.
master-admins-changed = { $company } : les Master Admins ont changé. Surpris ? Parlez-en immédiatement aux autres.
    .short = Les Master Admins ont changé. Surpris ? Parlez-en aux autres.
policy-changed = { $company } : la règle de vérification en deux étapes a changé. Surpris ? Parlez-en aux Master Admins.
    .short = La règle en deux étapes a changé. Surpris ? Consultez-la.
glass-broken = { $company } : l'exploitant de { $product } a créé un lien d'urgence. Surpris ? Demandez-lui immédiatement.
    .short = Un lien d'urgence a été créé. Surpris ? Demandez à l'exploitant.
texts-stopped = { $company } : SMS vers un pays suspendus, presque aucun code saisi.
    .short = SMS vers un pays suspendus.
