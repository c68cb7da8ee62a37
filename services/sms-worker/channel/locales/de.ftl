# Jede ist ein Segment von 160 Zeichen mit jedem Firmennamen im GSM-Alphabet; `short` steht ein, wo ein Name ein anderes
# Alphabet braucht, das 70 übrig lässt.
sign-in-code = { $code } ist Ihr Anmeldecode für { $company }. Geben Sie ihn niemandem.
    .short = { $code } ist Ihr Anmeldecode.
set-up-code = { $code } ist Ihr Einrichtungscode für { $company }. Geben Sie ihn niemandem.
    .short = { $code } ist Ihr Einrichtungscode.

set-up-started = { $company }: Die Zwei-Schritt-Verifizierung wird eingerichtet. Nicht Sie? Ändern Sie Ihr Passwort.
    .short = Zwei-Schritt-Einrichtung begonnen. Nicht Sie? Passwort ändern!
two-step-activated = { $company }: Zwei-Schritt-Verifizierung ist an. Nicht Sie? Sagen Sie der Administration Bescheid.
    .short = Zwei-Schritt-Verifizierung ist an. Nicht Sie? Administration fragen!
method-changed = { $company }: Ihre Verifizierungsmethoden wurden geändert. Nicht Sie? Sagen Sie der Administration Bescheid.
    .short = Verifizierungsmethoden geändert. Nicht Sie? Administration fragen!
two-step-turned-off = { $company }: Zwei-Schritt-Verifizierung ist aus. Überrascht? Fragen Sie Ihre Administration.
    .short = Zwei-Schritt-Verifizierung ist aus. Überrascht? Fragen Sie nach.
reset-by-admin = { $company }: Ihre Zwei-Schritt-Verifizierung wurde zurückgesetzt. Überrascht? Fragen Sie nach.
    .short = Zwei-Schritt-Verifizierung zurückgesetzt. Überrascht? Nachfragen!
five-failures = { $company }: fünf falsche Codes für Ihr Konto. Nicht Sie? Ändern Sie Ihr Passwort.
    .short = Fünf falsche Codes für Ihr Konto. Nicht Sie? Passwort ändern!
locked = { $company }: zu viele falsche Codes, Ihr Konto ist gesperrt. Nicht Sie? Fragen Sie die Administration.
    .short = Ihr Konto ist gesperrt. Nicht Sie? Fragen Sie Ihre Administration.
unlocked = { $company }: Ihr Konto ist entsperrt. Sie können sich wieder anmelden.
    .short = Ihr Konto ist entsperrt. Sie können sich wieder anmelden.
recovery-code-used = { $company }: Ein Wiederherstellungscode wurde für Ihr Konto benutzt. Nicht Sie? Ändern Sie Ihr Passwort.
    .short = Wiederherstellungscode benutzt. Nicht Sie? Passwort ändern!
password-changed = { $company }: Ihr Passwort wurde geändert. Nicht Sie? Sagen Sie der Administration Bescheid.
    .short = Ihr Passwort wurde geändert. Nicht Sie? Administration fragen!
master-admins-changed = { $company }: Die Master-Admins haben sich geändert. Überrascht? Fragen Sie sofort die anderen.
    .short = Die Master-Admins haben sich geändert. Überrascht? Nachfragen!
policy-changed = { $company }: Die Zwei-Schritt-Richtlinie ist geändert. Überrascht? Fragen Sie die anderen Master-Admins.
    .short = Die Zwei-Schritt-Richtlinie ist geändert. Überrascht? Nachsehen!
glass-broken = { $company }: Der Betreiber von { $product } hat einen Notfall-Link erstellt. Überrascht? Fragen Sie ihn sofort.
    .short = Ein Notfall-Link wurde erstellt. Überrascht? Betreiber fragen!
texts-stopped = { $company }: SMS in ein Land ruhen, weil dort kaum ein Code eingegeben wurde.
    .short = SMS in ein Land ruhen.
