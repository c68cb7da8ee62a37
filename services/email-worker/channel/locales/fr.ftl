# Ce que dit chaque message.
greeting = Bonjour { $person },
signature = { $product } pour { $company }
automatic = Ce message a été envoyé automatiquement ; personne ne lit les réponses.
colon = {"\u00A0"}:
code-label = Votre code
code-valid-until = Le code est valable une seule fois, jusqu’au { $code-until }.
link-valid-until = Le lien est valable une seule fois, jusqu’au { $link-until }.

fact-company = Société
fact-person = Personne
fact-login = Identifiant
fact-when = Date
fact-client = Depuis
fact-by = Auteur
fact-reason = Motif
fact-change = Changement
fact-also = En outre
client-web = le site web
client-console = la console technicien
by-operator = l’exploitant de { $product }
by-product = { $product }, de façon automatique
erased-person = une personne dont les données ont été effacées

instant = { $day ->
        [1] 1er
       *[other] { $day }
    } { month } { $year } à { $clock } { $zone }
month = { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[12] décembre
    }

# Codes et liens. Le code n’est jamais dans l’objet : un téléphone verrouillé affiche les objets.
sign-in-code = Vous êtes en train de vous connecter à { $product }. Saisissez ce code là où il vous est demandé.
    .subject = Votre code de connexion pour { $company }
    .action = Continuer
    .not-you = Si vous n’êtes pas en train de vous connecter, quelqu’un connaît votre mot de passe : ne donnez ce code à personne et changez votre mot de passe.

set-up-code = Saisissez ce code pour terminer la configuration de la vérification en deux étapes par e-mail.
    .subject = Votre code de configuration pour { $company }
    .action = Continuer
    .not-you = Si vous n’êtes pas en train de configurer quelque chose, ne donnez ce code à personne et prévenez votre administrateur.

verification-link = Confirmez que cette adresse est la vôtre : ouvrez le lien et appuyez sur le bouton qui s’y trouve, ou saisissez le code là où vous avez commencé.
    .link-alone = Confirmez que cette adresse est la vôtre : ouvrez le lien et appuyez sur le bouton qui s’y trouve.
    .subject = Confirmez votre adresse e-mail pour { $company }
    .action = Confirmer cette adresse
    .not-you = Si vous n’avez rien demandé, ignorez ce message : rien n’est confirmé sans vous.

invitation = { $company } vous invite à utiliser { $product }. Ouvrez le lien et choisissez votre mot de passe.
    .subject = Votre invitation de la part de { $company }
    .action = Choisir mon mot de passe
    .not-you = Si vous ne connaissez pas { $company }, ignorez ce message : rien ne se passe sans vous.

password-reset = Quelqu’un, très probablement vous, a demandé un nouveau mot de passe. Ouvrez le lien et choisissez-en un.
    .subject = Choisissez un nouveau mot de passe pour { $company }
    .action = Choisir un nouveau mot de passe
    .not-you = Si vous n’avez rien demandé, ignorez ce message : votre mot de passe reste inchangé.

# Avis.
set-up-started = Quelqu’un qui connaît votre mot de passe a commencé à configurer la vérification en deux étapes pour votre compte.
    .subject = La vérification en deux étapes est en cours de configuration pour { $company }
    .action = Voir
    .not-you = Si ce n’était pas vous, changez immédiatement votre mot de passe et prévenez votre administrateur.

two-step-activated = La vérification en deux étapes est activée. Désormais, vous confirmez chaque connexion par un code.
    .subject = La vérification en deux étapes est activée pour { $company }
    .action = Voir
    .not-you = Si ce n’était pas vous, prévenez immédiatement votre administrateur : quelqu’un d’autre contrôle peut-être votre compte.

method-changed = Les méthodes par lesquelles vous confirmez vos connexions ont changé.
    .subject = Vos méthodes de vérification pour { $company } ont changé
    .action = Voir
    .not-you = Si ce n’était pas vous, prévenez immédiatement votre administrateur.

two-step-turned-off = La vérification en deux étapes est désactivée. Votre mot de passe suffit pour vous connecter.
    .subject = La vérification en deux étapes est désactivée pour { $company }
    .action = Voir
    .not-you = Si cela vous surprend, demandez à votre administrateur.

reset-by-admin = Un administrateur a réinitialisé votre vérification en deux étapes. Vous la configurerez de nouveau à votre prochaine connexion.
    .subject = Votre vérification en deux étapes pour { $company } a été réinitialisée
    .action = Voir
    .not-you = Si cela vous surprend, demandez à votre administrateur avant de la configurer de nouveau.

five-failures = Un code erroné a été saisi cinq fois avec votre mot de passe.
    .subject = Cinq codes erronés pour votre compte chez { $company }
    .action = Voir
    .not-you = Si ce n’était pas vous, quelqu’un connaît votre mot de passe : changez-le maintenant.

locked = Trop de codes erronés ont été saisis. La connexion par code est bloquée pendant un certain temps.
    .subject = Votre compte chez { $company } est bloqué
    .action = Voir
    .not-you = Si ce n’était pas vous, quelqu’un connaît votre mot de passe : demandez à votre administrateur de vous aider à le changer.

unlocked = Votre compte a été débloqué. Vous pouvez de nouveau vous connecter.
    .subject = Votre compte chez { $company } est débloqué
    .action = Voir
    .not-you = Si vous ne l’avez pas demandé, prévenez votre administrateur.

recovery-code-used = Un code de secours a été utilisé pour accéder à votre compte. Il ne sert qu’une fois ; les autres restent valables.
    .subject = Un code de secours a été utilisé pour { $company }
    .action = Voir
    .not-you = Si ce n’était pas vous, changez immédiatement votre mot de passe et demandez à votre administrateur de réinitialiser votre vérification en deux étapes.

password-changed = Le mot de passe de votre compte a été changé.
    .subject = Votre mot de passe pour { $company } a été changé
    .action = Voir
    .not-you = Si ce n’était pas vous, prévenez immédiatement votre administrateur.

# Aux Master Admins.
master-admins-changed = La liste des Master Admins de { $company } a changé.
    .subject = Les Master Admins de { $company } ont changé
    .action = Voir
    .not-you = Si cela vous surprend, parlez-en immédiatement aux autres Master Admins : quelqu’un utilise peut-être l’un de vos comptes. Si plus aucun de vous ne peut se connecter, l’exploitant de { $product } peut donner accès à l’un de vous.
roster-joined = Nouveau Master Admin : { $whom }
roster-demoted = N’est plus Master Admin : { $whom }
roster-disabled = Compte désactivé, n’est plus Master Admin : { $whom }
roster-erased = Les données d’un Master Admin ont été effacées.
roster-holds-the-account = Nouveau titulaire du compte principal (Master Account Holder) : { $whom } ; auparavant : { $before }
roster-let-in = Le lien d’urgence est pour { $whom }.

policy-changed = La règle de vérification en deux étapes de votre société a été modifiée.
    .subject = La règle de vérification de { $company } a changé
    .action = Voir
    .not-you = Si cela vous surprend, parlez-en aux autres Master Admins ; la page de la règle montre ce qui est en vigueur.

# Ce qui est différent dans la règle.
changed = { $old } → { $new }
policy-admins = Administrateurs
admins-all = vérification obligatoire
admins-none = vérification facultative
policy-technicians = Techniciens soumis à la vérification
technicians-none = aucun
technicians-all = tous
technicians-selected-groups = les membres des groupes sélectionnés
policy-primary = Méthode principale
policy-backups = Méthodes de secours
method-app = application d’authentification
method-sms = SMS
method-email = e-mail
method-printed = codes imprimés
policy-code-life = Durée de validité des codes
seconds = { $seconds } s
policy-work-address = Adresse professionnelle à confirmer avant la configuration
said-yes = oui
said-no = non
policy-resets = Tout le monde refait la configuration à la prochaine connexion.
policy-turns-off = La vérification en deux étapes est désactivée pour les personnes que la règle ne concerne plus.
policy-undoes = Cela annule la modification précédente.

glass-broken = L’exploitant de { $product } a créé un lien d’urgence qui permet à un Master Admin de se connecter une fois.
    .subject = Accès d’urgence à { $company }
    .action = Voir
    .not-you = Si cela vous surprend, parlez-en immédiatement aux autres Master Admins et à l’exploitant.

texts-stopped = Presque aucun des codes que { $company } a envoyés par SMS vers un pays depuis une heure n’a été saisi. Les SMS vers ce pays sont suspendus jusqu’à la fin de l’heure.
    .subject = SMS vers un pays suspendus chez { $company }
    .action = Voir
    .not-you = Quelqu’un fait peut-être écrire { $product } à des numéros qui en tirent profit : demandez à l’exploitant. Qui attend un code là-bas peut utiliser la méthode de secours.
