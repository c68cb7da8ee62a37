# Lo que dice cada mensaje.
greeting = Hola, { $person }:
signature = { $product } para { $company }
automatic = Este mensaje se ha enviado automáticamente; nadie lee las respuestas.
colon = :
code-label = Su código
code-valid-until = El código sirve una sola vez, hasta el { $code-until }.
link-valid-until = El enlace sirve una sola vez, hasta el { $link-until }.

fact-company = Empresa
fact-person = Persona
fact-login = Usuario
fact-when = Fecha
fact-client = Desde
fact-by = Autor
fact-reason = Motivo
fact-change = Cambio
fact-also = Además
client-web = el sitio web
client-console = la consola del técnico
by-operator = el operador de { $product }
by-product = { $product }, de forma automática
erased-person = una persona cuyos datos se han borrado

instant = { $day } de { month } de { $year }, { $clock } { $zone }
month = { $month ->
        [1] enero
        [2] febrero
        [3] marzo
        [4] abril
        [5] mayo
        [6] junio
        [7] julio
        [8] agosto
        [9] septiembre
        [10] octubre
        [11] noviembre
       *[12] diciembre
    }

# Códigos y enlaces. El código nunca está en el asunto: un teléfono bloqueado muestra los asuntos.
sign-in-code = Está iniciando sesión en { $product }. Escriba este código donde se le pida.
    .subject = Su código de inicio de sesión para { $company }
    .action = Continuar
    .not-you = Si no está iniciando sesión, alguien conoce su contraseña: no dé este código a nadie y cambie su contraseña.

set-up-code = Escriba este código para terminar de configurar la verificación en dos pasos por correo electrónico.
    .subject = Su código de configuración para { $company }
    .action = Continuar
    .not-you = Si no está configurando nada, no dé este código a nadie y avise a su administrador.

verification-link = Confirme que esta dirección es suya: abra el enlace y pulse el botón que verá allí, o escriba el código donde empezó.
    .link-alone = Confirme que esta dirección es suya: abra el enlace y pulse el botón que verá allí.
    .subject = Confirme su dirección de correo para { $company }
    .action = Confirmar esta dirección
    .not-you = Si no lo ha pedido, ignore este mensaje: sin usted no se confirma nada.

invitation = { $company } le invita a usar { $product }. Abra el enlace y elija su contraseña.
    .subject = Su invitación de { $company }
    .action = Elegir la contraseña
    .not-you = Si no conoce { $company }, ignore este mensaje: sin usted no ocurre nada.

password-reset = Alguien, muy probablemente usted, ha pedido una contraseña nueva. Abra el enlace y elija una.
    .subject = Elija una contraseña nueva para { $company }
    .action = Elegir una contraseña nueva
    .not-you = Si no lo ha pedido, ignore este mensaje: su contraseña sigue siendo la misma.

# Avisos.
set-up-started = Alguien que conoce su contraseña ha empezado a configurar la verificación en dos pasos de su cuenta.
    .subject = Se está configurando la verificación en dos pasos para { $company }
    .action = Ver
    .not-you = Si no ha sido usted, cambie su contraseña enseguida y avise a su administrador.

two-step-activated = La verificación en dos pasos está activada. A partir de ahora confirmará cada inicio de sesión con un código.
    .subject = La verificación en dos pasos está activada para { $company }
    .action = Ver
    .not-you = Si no ha sido usted, avise enseguida a su administrador: puede que otra persona controle su cuenta.

method-changed = Han cambiado los métodos con los que confirma sus inicios de sesión.
    .subject = Sus métodos de verificación para { $company } han cambiado
    .action = Ver
    .not-you = Si no ha sido usted, avise enseguida a su administrador.

two-step-turned-off = La verificación en dos pasos está desactivada. Basta su contraseña para iniciar sesión.
    .subject = La verificación en dos pasos está desactivada para { $company }
    .action = Ver
    .not-you = Si le sorprende, pregunte a su administrador.

reset-by-admin = Un administrador ha restablecido su verificación en dos pasos. La configurará de nuevo la próxima vez que inicie sesión.
    .subject = Su verificación en dos pasos para { $company } se ha restablecido
    .action = Ver
    .not-you = Si le sorprende, pregunte a su administrador antes de configurarla de nuevo.

five-failures = Se ha escrito cinco veces un código incorrecto con su contraseña.
    .subject = Cinco códigos incorrectos para su cuenta en { $company }
    .action = Ver
    .not-you = Si no ha sido usted, alguien conoce su contraseña: cámbiela ahora.

locked = Se han escrito demasiados códigos incorrectos. El inicio de sesión con código está bloqueado durante un tiempo.
    .subject = Su cuenta en { $company } está bloqueada
    .action = Ver
    .not-you = Si no ha sido usted, alguien conoce su contraseña: pida a su administrador que le ayude a cambiarla.

unlocked = Su cuenta se ha desbloqueado. Puede volver a iniciar sesión.
    .subject = Su cuenta en { $company } está desbloqueada
    .action = Ver
    .not-you = Si no lo ha pedido, avise a su administrador.

recovery-code-used = Se ha usado un código de recuperación para entrar en su cuenta. Sirve una sola vez; los demás siguen siendo válidos.
    .subject = Se ha usado un código de recuperación para { $company }
    .action = Ver
    .not-you = Si no ha sido usted, cambie su contraseña enseguida y pida a su administrador que restablezca su verificación en dos pasos.

password-changed = La contraseña de su cuenta ha cambiado.
    .subject = Su contraseña para { $company } ha cambiado
    .action = Ver
    .not-you = Si no ha sido usted, avise enseguida a su administrador.

# A los Master Admins.
master-admins-changed = Ha cambiado la lista de Master Admins de { $company }.
    .subject = Los Master Admins de { $company } han cambiado
    .action = Ver
    .not-you = Si le sorprende, hable enseguida con los demás Master Admins: puede que alguien esté usando una de sus cuentas. Si ninguno de ustedes puede ya iniciar sesión, el operador de { $product } puede dar acceso a uno de ustedes.
roster-joined = Nuevo Master Admin: { $whom }
roster-demoted = Ya no es Master Admin: { $whom }
roster-disabled = Cuenta deshabilitada, ya no es Master Admin: { $whom }
roster-erased = Se han borrado los datos de un Master Admin.
roster-holds-the-account = Nuevo titular de la cuenta principal (Master Account Holder): { $whom }; antes: { $before }
roster-let-in = El enlace de emergencia es para { $whom }.

policy-changed = Ha cambiado la política de verificación en dos pasos de su empresa.
    .subject = La política de verificación de { $company } ha cambiado
    .action = Ver
    .not-you = Si le sorprende, hable con los demás Master Admins; la página de la política muestra lo que está en vigor.

# Lo que es distinto en la política.
changed = { $old } → { $new }
policy-admins = Administradores
admins-all = deben verificarse
admins-none = no tienen que verificarse
policy-technicians = Técnicos que deben verificarse
technicians-none = ninguno
technicians-all = todos
technicians-selected-groups = los miembros de los grupos seleccionados
policy-primary = Método principal
policy-backups = Métodos de respaldo
method-app = aplicación de autenticación
method-sms = SMS
method-email = correo electrónico
method-printed = códigos impresos
policy-code-life = Validez de los códigos
seconds = { $seconds } s
policy-work-address = Dirección de trabajo confirmada antes de la configuración
said-yes = sí
said-no = no
policy-resets = Todos vuelven a configurarla en el próximo inicio de sesión.
policy-turns-off = La verificación en dos pasos se desactiva para quienes la política ya no incluye.
policy-undoes = Esto deshace el cambio anterior.

glass-broken = El operador de { $product } ha creado un enlace de emergencia con el que un Master Admin puede iniciar sesión una vez.
    .subject = Acceso de emergencia a { $company }
    .action = Ver
    .not-you = Si le sorprende, hable enseguida con los demás Master Admins y con el operador.

texts-stopped = Casi ninguno de los códigos que { $company } envió por SMS a un país en la última hora se ha introducido. Los SMS a ese país se detienen hasta que pase la hora.
    .subject = SMS a un país detenidos en { $company }
    .action = Ver
    .not-you = Puede que alguien haga que { $product } escriba a números que ganan con ello: pregunte al operador. Quien espere allí un código puede usar el método de reserva.
