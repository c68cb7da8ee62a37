# Cada uno cabe en un segmento de 160 caracteres, con cualquier nombre de empresa en el alfabeto GSM, en el que faltan
# á, í, ó y ú: las frases evitan esas letras. `short` sirve cuando un nombre pide otro alfabeto, que solo deja 70.
sign-in-code = { $code } es su clave de acceso a { $company }. No se la dé a nadie.
    .short = { $code } es su clave de acceso.
set-up-code = { $code } es su clave para configurar { $company }. No se la dé a nadie.
    .short = { $code } es su clave para configurar la cuenta.

set-up-started = { $company }: alguien configura el acceso en dos pasos de su cuenta. ¿No es usted? Cambie la contraseña.
    .short = Alguien configura su acceso. ¿No es usted? Cambie la contraseña.
two-step-activated = { $company }: el acceso en dos pasos queda activado. ¿No ha sido usted? Avise a su administrador.
    .short = Acceso en dos pasos activado. ¿No es usted? Avise al administrador.
method-changed = { $company }: han cambiado sus medios de acceso en dos pasos. ¿No ha sido usted? Avise a su administrador.
    .short = Sus medios de acceso cambian. ¿No es usted? Avise al administrador.
two-step-turned-off = { $company }: el acceso en dos pasos queda desactivado. ¿Le sorprende? Pregunte a su administrador.
    .short = Acceso en dos pasos desactivado. ¿Le sorprende? Pregunte.
reset-by-admin = { $company }: se ha restablecido su acceso en dos pasos. ¿Le sorprende? Pregunte a su administrador.
    .short = Acceso en dos pasos restablecido. ¿Le sorprende? Pregunte.
five-failures = { $company }: cinco claves incorrectas en su cuenta. ¿No ha sido usted? Cambie la contraseña.
    .short = Cinco claves incorrectas. ¿No es usted? Cambie la contraseña.
locked = { $company }: demasiadas claves incorrectas, cuenta bloqueada. ¿No ha sido usted? Avise a su administrador.
    .short = Su cuenta queda bloqueada. ¿No es usted? Avise al administrador.
unlocked = { $company }: su cuenta queda desbloqueada. Ya puede volver a entrar.
    .short = Su cuenta queda desbloqueada. Ya puede volver a entrar.
recovery-code-used = { $company }: se ha usado una clave de respaldo de su cuenta. ¿No ha sido usted? Cambie la contraseña.
    .short = Clave de respaldo usada. ¿No es usted? Cambie la contraseña.
password-changed = { $company }: su contraseña ha cambiado. ¿No ha sido usted? Avise a su administrador.
    .short = Su contraseña ha cambiado. ¿No es usted? Avise al administrador.
master-admins-changed = { $company }: han cambiado los Master Admins. ¿Le sorprende? Hable enseguida con los otros.
    .short = Han cambiado los Master Admins. ¿Le sorprende? Hable con ellos.
policy-changed = { $company }: han cambiado las reglas del acceso en dos pasos. ¿Le sorprende? Hable con los Master Admins.
    .short = Han cambiado las reglas de acceso. ¿Le sorprende? Consulte.
glass-broken = { $company }: el operador de { $product } ha creado un enlace de emergencia. ¿Le sorprende? Hable con él enseguida.
    .short = Hay un enlace de emergencia. ¿Le sorprende? Pregunte al operador.
texts-stopped = { $company }: SMS a un país detenidos, casi ningún código introducido.
    .short = SMS a un país detenidos.
