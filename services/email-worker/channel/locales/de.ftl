# Was in jeder Mail steht.
greeting = Guten Tag { $person },
signature = { $product } für { $company }
automatic = Diese Nachricht wurde automatisch verschickt; Antworten darauf liest niemand.
colon = :
code-label = Ihr Code
code-valid-until = Der Code gilt einmal, bis { $code-until }.
link-valid-until = Der Link gilt einmal, bis { $link-until }.

fact-company = Unternehmen
fact-person = Person
fact-login = Anmeldename
fact-when = Zeitpunkt
fact-client = Über
fact-by = Wer
fact-reason = Grund
fact-change = Änderung
fact-also = Außerdem
client-web = die Website
client-console = die Techniker-Konsole
by-operator = der Betreiber von { $product }
by-product = { $product } selbst
erased-person = eine Person, deren Daten gelöscht wurden

instant = { $day }. { month } { $year }, { $clock } Uhr { $zone }
month = { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
    }

# Codes und Links. Der Code steht nie im Betreff: ein gesperrtes Telefon zeigt Betreffzeilen.
sign-in-code = Sie melden sich gerade bei { $product } an. Geben Sie diesen Code dort ein, wo Sie danach gefragt werden.
    .subject = Ihr Anmeldecode für { $company }
    .action = Weiter
    .not-you = Wenn Sie sich gerade nicht anmelden, kennt jemand Ihr Passwort: Geben Sie den Code niemandem und ändern Sie Ihr Passwort.

set-up-code = Geben Sie diesen Code ein, um die Einrichtung der Zwei-Schritt-Verifizierung per E-Mail abzuschließen.
    .subject = Ihr Einrichtungscode für { $company }
    .action = Weiter
    .not-you = Wenn Sie gerade nichts einrichten, geben Sie den Code niemandem und sagen Sie Ihrer Administration Bescheid.

verification-link = Bestätigen Sie, dass diese Adresse Ihnen gehört: Öffnen Sie den Link und drücken Sie dort auf die Schaltfläche, oder geben Sie den Code dort ein, wo Sie begonnen haben.
    .link-alone = Bestätigen Sie, dass diese Adresse Ihnen gehört: Öffnen Sie den Link und drücken Sie dort auf die Schaltfläche.
    .subject = Bestätigen Sie Ihre E-Mail-Adresse für { $company }
    .action = Diese Adresse bestätigen
    .not-you = Wenn Sie das nicht angefordert haben, ignorieren Sie diese Nachricht: Ohne Sie wird nichts bestätigt.

invitation = { $company } lädt Sie zu { $product } ein. Öffnen Sie den Link und wählen Sie Ihr Passwort.
    .subject = Ihre Einladung zu { $company }
    .action = Passwort wählen
    .not-you = Wenn Sie { $company } nicht kennen, ignorieren Sie diese Nachricht: Ohne Sie passiert nichts.

password-reset = Jemand, höchstwahrscheinlich Sie selbst, hat ein neues Passwort angefordert. Öffnen Sie den Link und wählen Sie eines.
    .subject = Wählen Sie ein neues Passwort für { $company }
    .action = Neues Passwort wählen
    .not-you = Wenn Sie das nicht angefordert haben, ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.

# Mitteilungen.
set-up-started = Jemand, der Ihr Passwort kennt, hat begonnen, die Zwei-Schritt-Verifizierung für Ihr Konto einzurichten.
    .subject = Die Zwei-Schritt-Verifizierung für { $company } wird eingerichtet
    .action = Ansehen
    .not-you = Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort und sagen Sie Ihrer Administration Bescheid.

two-step-activated = Die Zwei-Schritt-Verifizierung ist eingeschaltet. Ab jetzt bestätigen Sie jede Anmeldung mit einem Code.
    .subject = Die Zwei-Schritt-Verifizierung für { $company } ist eingeschaltet
    .action = Ansehen
    .not-you = Wenn Sie das nicht waren, sagen Sie sofort Ihrer Administration Bescheid: Vielleicht hat jemand anderes Zugriff auf Ihr Konto.

method-changed = Die Methoden, mit denen Sie Ihre Anmeldungen bestätigen, wurden geändert.
    .subject = Ihre Verifizierungsmethoden für { $company } wurden geändert
    .action = Ansehen
    .not-you = Wenn Sie das nicht waren, sagen Sie sofort Ihrer Administration Bescheid.

two-step-turned-off = Die Zwei-Schritt-Verifizierung ist ausgeschaltet. Zur Anmeldung genügt Ihr Passwort.
    .subject = Die Zwei-Schritt-Verifizierung für { $company } ist ausgeschaltet
    .action = Ansehen
    .not-you = Wenn Sie das überrascht, fragen Sie Ihre Administration.

reset-by-admin = Ihre Zwei-Schritt-Verifizierung wurde von der Administration zurückgesetzt. Bei der nächsten Anmeldung richten Sie sie neu ein.
    .subject = Ihre Zwei-Schritt-Verifizierung für { $company } wurde zurückgesetzt
    .action = Ansehen
    .not-you = Wenn Sie das überrascht, fragen Sie Ihre Administration, bevor Sie sie neu einrichten.

five-failures = Mit Ihrem Passwort wurde fünfmal ein falscher Code eingegeben.
    .subject = Fünf falsche Codes für Ihr Konto bei { $company }
    .action = Ansehen
    .not-you = Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Ändern Sie es jetzt.

locked = Es wurden zu viele falsche Codes eingegeben. Die Anmeldung mit Code ist eine Zeit lang gesperrt.
    .subject = Ihr Konto bei { $company } ist gesperrt
    .action = Ansehen
    .not-you = Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Bitten Sie Ihre Administration um Hilfe, es zu ändern.

unlocked = Ihr Konto wurde entsperrt. Sie können sich wieder anmelden.
    .subject = Ihr Konto bei { $company } ist entsperrt
    .action = Ansehen
    .not-you = Wenn Sie nicht darum gebeten haben, sagen Sie Ihrer Administration Bescheid.

recovery-code-used = Mit einem Wiederherstellungscode wurde auf Ihr Konto zugegriffen. Er gilt nur einmal; die anderen gelten weiterhin.
    .subject = Ein Wiederherstellungscode für { $company } wurde verwendet
    .action = Ansehen
    .not-you = Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort und bitten Sie Ihre Administration, Ihre Zwei-Schritt-Verifizierung zurückzusetzen.

password-changed = Das Passwort Ihres Kontos wurde geändert.
    .subject = Ihr Passwort für { $company } wurde geändert
    .action = Ansehen
    .not-you = Wenn Sie das nicht waren, sagen Sie sofort Ihrer Administration Bescheid.

# An Master-Admins.
master-admins-changed = Bei { $company } hat sich geändert, wer Master-Admin ist.
    .subject = Die Master-Admins von { $company } haben sich geändert
    .action = Ansehen
    .not-you = Wenn Sie das überrascht, sprechen Sie sofort mit den anderen Master-Admins: Vielleicht benutzt jemand eines Ihrer Konten. Wenn sich von Ihnen niemand mehr anmelden kann, kann der Betreiber von { $product } jemanden von Ihnen hereinlassen.
roster-joined = Neuer Master-Admin: { $whom }
roster-demoted = Kein Master-Admin mehr: { $whom }
roster-disabled = Konto deaktiviert, kein Master-Admin mehr: { $whom }
roster-erased = Die Daten eines Master-Admins wurden gelöscht.
roster-holds-the-account = Neuer Inhaber des Hauptkontos (Master Account Holder): { $whom }; bisher: { $before }
roster-let-in = Der Notfall-Link ist für { $whom }.

policy-changed = Die Richtlinie Ihres Unternehmens zur Zwei-Schritt-Verifizierung wurde geändert.
    .subject = Die Verifizierungsrichtlinie von { $company } wurde geändert
    .action = Ansehen
    .not-you = Wenn Sie das überrascht, sprechen Sie mit den anderen Master-Admins; die Seite mit der Richtlinie zeigt, was gilt.

# Was an der Richtlinie anders ist.
changed = { $old } → { $new }
policy-admins = Administratoren
admins-all = müssen verifizieren
admins-none = müssen nicht verifizieren
policy-technicians = Techniker, die verifizieren müssen
technicians-none = keine
technicians-all = alle
technicians-selected-groups = Mitglieder ausgewählter Gruppen
policy-primary = Primäre Methode
policy-backups = Ersatzmethoden
method-app = Authentifizierungs-App
method-sms = SMS
method-email = E-Mail
method-printed = gedruckte Codes
policy-code-life = Gültigkeit der Codes
seconds = { $seconds } s
policy-work-address = Bestätigung der Dienstadresse vor der Einrichtung
said-yes = ja
said-no = nein
policy-resets = Alle richten bei der nächsten Anmeldung neu ein.
policy-turns-off = Wen die Richtlinie nicht mehr betrifft, für den wird die Zwei-Schritt-Verifizierung ausgeschaltet.
policy-undoes = Damit wird die vorige Änderung zurückgenommen.

glass-broken = Der Betreiber von { $product } hat einen Notfall-Link erstellt, mit dem sich ein Master-Admin einmal anmelden kann.
    .subject = Notfallzugang zu { $company }
    .action = Ansehen
    .not-you = Wenn Sie das überrascht, sprechen Sie sofort mit den anderen Master-Admins und dem Betreiber.

texts-stopped = Kaum einer der Codes, die { $company } in der letzten Stunde per SMS in ein Land geschickt hat, wurde eingegeben. SMS in dieses Land ruhen, bis die Stunde um ist.
    .subject = SMS in ein Land ruhen bei { $company }
    .action = Ansehen
    .not-you = Vielleicht lässt jemand { $product } an Nummern schreiben, die daran verdienen: Fragen Sie den Betreiber. Wer dort auf einen Code wartet, kann die Ersatzmethode nehmen.
