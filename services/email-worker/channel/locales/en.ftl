# What every mail says.
greeting = Hello { $person },
signature = { $product } for { $company }
automatic = This message was sent automatically; nobody reads answers to it.
colon = :
code-label = Your code
code-valid-until = The code works once, until { $code-until }.
link-valid-until = The link works once, until { $link-until }.

fact-company = Company
fact-person = Person
fact-login = Login
fact-when = When
fact-client = Using
fact-by = Done by
fact-reason = Reason
fact-change = Change
fact-also = Also
client-web = the website
client-console = the Technician Console
by-operator = the operator of { $product }
by-product = { $product } itself
erased-person = somebody whose data was erased

# An instant: the day as people write it, the clock, and which time zone that is.
instant = { $day } { month } { $year }, { $clock } { $zone }
month = { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }

# Codes and links. The code never stands in a subject: a locked phone shows subjects.
sign-in-code = You are signing in to { $product }. Type this code where you are asked for it.
    .subject = Your sign-in code for { $company }
    .action = Go on
    .not-you = If you are not signing in, somebody knows your password: give this code to nobody and change your password.

set-up-code = Type this code to finish setting up two-step verification by e-mail.
    .subject = Your set-up code for { $company }
    .action = Go on
    .not-you = If you are not setting anything up, give this code to nobody and tell your administrator.

verification-link = Confirm that this address is yours: open the link and press the button there, or type the code where you began.
    .link-alone = Confirm that this address is yours: open the link and press the button there.
    .subject = Confirm your e-mail address for { $company }
    .action = Confirm this address
    .not-you = If you didn't ask for this, ignore it: without you nothing is confirmed.

invitation = { $company } invites you to { $product }. Open the link and choose your password.
    .subject = Your invitation to { $company }
    .action = Choose your password
    .not-you = If you don't know { $company }, ignore this message: nothing happens without you.

password-reset = Somebody, most likely you, asked for a new password. Open the link and choose one.
    .subject = Choose a new password for { $company }
    .action = Choose a new password
    .not-you = If you didn't ask for this, ignore it: your password stays as it is.

# Notices.
set-up-started = Somebody with your password began to set up two-step verification for your account.
    .subject = Two-step verification is being set up for { $company }
    .action = Have a look
    .not-you = If this wasn't you, change your password at once and tell your administrator.

two-step-activated = Two-step verification is on. From now on you confirm each sign-in with a code.
    .subject = Two-step verification is on for { $company }
    .action = Have a look
    .not-you = If this wasn't you, tell your administrator at once: somebody else may hold your account.

method-changed = The ways in which you confirm your sign-ins have changed.
    .subject = Your verification methods for { $company } have changed
    .action = Have a look
    .not-you = If this wasn't you, tell your administrator at once.

two-step-turned-off = Two-step verification is off. Your password alone signs you in.
    .subject = Two-step verification is off for { $company }
    .action = Have a look
    .not-you = If this surprises you, ask your administrator.

reset-by-admin = An administrator reset your two-step verification. You set it up anew when you next sign in.
    .subject = Your two-step verification for { $company } was reset
    .action = Have a look
    .not-you = If this surprises you, ask your administrator before you set it up.

five-failures = A wrong code was typed five times with your password.
    .subject = Five wrong codes for your account at { $company }
    .action = Have a look
    .not-you = If this wasn't you, somebody knows your password: change it now.

locked = Too many wrong codes were typed. Signing in with a code is locked for a while.
    .subject = Your account at { $company } is locked
    .action = Have a look
    .not-you = If this wasn't you, somebody knows your password: ask your administrator to help you change it.

unlocked = Your account was unlocked. You can sign in again.
    .subject = Your account at { $company } is unlocked
    .action = Have a look
    .not-you = If you didn't ask for this, tell your administrator.

recovery-code-used = A recovery code was used to sign in to your account. It works only once; the others still work.
    .subject = A recovery code was used for { $company }
    .action = Have a look
    .not-you = If this wasn't you, change your password at once and ask your administrator to reset your two-step verification.

password-changed = The password of your account was changed.
    .subject = Your password for { $company } was changed
    .action = Have a look
    .not-you = If this wasn't you, tell your administrator at once.

# To Master Admins.
master-admins-changed = There was a change to the Master Admins of { $company }.
    .subject = The Master Admins of { $company } have changed
    .action = Have a look
    .not-you = If this surprises you, speak to the other Master Admins at once: somebody may be using one of your accounts. If none of you can sign in any more, the operator of { $product } can let one of you in.
roster-joined = { $whom } is now a Master Admin.
roster-demoted = { $whom } is no longer a Master Admin.
roster-disabled = { $whom } was disabled and is no longer a Master Admin.
roster-erased = The data of a Master Admin was erased.
roster-holds-the-account = { $whom } is now the Master Account Holder; before it was { $before }.
roster-let-in = The emergency link is for { $whom }.

policy-changed = The two-step verification policy of your company was changed.
    .subject = The verification policy of { $company } has changed
    .action = Have a look
    .not-you = If this surprises you, speak to the other Master Admins; the policy page shows what is in force.

# What is different about the policy.
changed = { $old } → { $new }
policy-admins = Administrators
admins-all = must verify
admins-none = need not verify
policy-technicians = Technicians who must verify
technicians-none = none
technicians-all = all
technicians-selected-groups = members of selected groups
policy-primary = Primary method
policy-backups = Backup methods
method-app = authenticator app
method-sms = text message
method-email = e-mail
method-printed = printed codes
policy-code-life = Codes are valid for
seconds = { $seconds } s
policy-work-address = Work address confirmed before the set-up
said-yes = yes
said-no = no
policy-resets = Everybody sets up anew at the next sign-in.
policy-turns-off = Two-step verification is turned off for everybody whom the policy no longer covers.
policy-undoes = This takes the change before it back.

glass-broken = The operator of { $product } made an emergency link that lets a Master Admin sign in once.
    .subject = Emergency access to { $company }
    .action = Have a look
    .not-you = If this surprises you, speak to the other Master Admins and to the operator at once.

texts-stopped = Hardly any of the codes that { $company } texted to one country in the last hour was typed. Texts to that country stop until the hour is over.
    .subject = Texts to one country stopped at { $company }
    .action = Have a look
    .not-you = Somebody may be making { $product } text to numbers that earn by it: ask its operator. Whoever waits for a code there can use the backup method.
