# Each is one segment of 160 characters with any company's name that is written in the GSM alphabet; `short` stands in
# where a name needs another alphabet, which leaves 70.
sign-in-code = { $code } is your sign-in code for { $company }. Give it to nobody.
    .short = { $code } is your sign-in code.
set-up-code = { $code } is your set-up code for { $company }. Give it to nobody.
    .short = { $code } is your set-up code.

set-up-started = { $company }: two-step verification is being set up for your account. Not you? Change your password.
    .short = Two-step set-up began. Not you? Change your password.
two-step-activated = { $company }: two-step verification is on. Not you? Tell your administrator.
    .short = Two-step verification is on. Not you? Tell your administrator.
method-changed = { $company }: your verification methods changed. Not you? Tell your administrator.
    .short = Verification methods changed. Not you? Tell your administrator.
two-step-turned-off = { $company }: two-step verification is off. Surprised? Ask your administrator.
    .short = Two-step verification is off. Surprised? Ask your administrator.
reset-by-admin = { $company }: an administrator reset your two-step verification. Surprised? Ask them.
    .short = Two-step verification was reset. Surprised? Ask your administrator.
five-failures = { $company }: five wrong codes for your account. Not you? Change your password.
    .short = Five wrong codes for your account. Not you? Change your password.
locked = { $company }: too many wrong codes, your account is locked. Not you? Tell your administrator.
    .short = Your account is locked. Not you? Tell your administrator.
unlocked = { $company }: your account is unlocked. You can sign in again.
    .short = Your account is unlocked. You can sign in again.
recovery-code-used = { $company }: a recovery code was used for your account. Not you? Change your password.
    .short = A recovery code was used. Not you? Change your password.
password-changed = { $company }: your password was changed. Not you? Tell your administrator.
    .short = Your password was changed. Not you? Tell your administrator.
master-admins-changed = { $company }: the Master Admins have changed. Surprised? Ask the other Master Admins at once.
    .short = The Master Admins have changed. Surprised? Ask them at once.
policy-changed = { $company }: the two-step verification policy was changed. Surprised? Ask the other Master Admins.
    .short = The two-step policy was changed. Surprised? Look at it.
glass-broken = { $company }: the operator of { $product } made an emergency sign-in link. Surprised? Ask them at once.
    .short = An emergency sign-in link was made. Surprised? Ask the operator.
texts-stopped = { $company }: texts to one country stopped, as hardly any code there was typed. Ask the operator.
    .short = Texts to one country stopped.
