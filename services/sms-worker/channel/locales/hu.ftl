# Magyarul ékezet nélkül írni nem szép, és á, í, ó, ő, ú, ű egyike sincs a GSM-ábécében: ezért a `short` 70 karakterbe fér,
# és többnyire az megy ki. Ahol a hosszú gépnév azt sem engedi, a küldő elhagyja ezeket az ékezeteket.
sign-in-code = { $code } az Ön belépési kódja ({ $company }). Ne adja meg senkinek.
    .short = { $code } az Ön belépési kódja.
set-up-code = { $code } az Ön beállítási kódja ({ $company }). Ne adja meg senkinek.
    .short = { $code } az Ön beállítási kódja.

set-up-started = { $company }: a fiókjához kétlépcsős azonosítást állítanak be. Nem Ön az? Változtasson jelszót!
    .short = Kétlépcsős azonosítást állítanak be. Nem Ön az? Váltson jelszót!
two-step-activated = { $company }: a kétlépcsős azonosítás be van kapcsolva. Nem Ön volt? Szóljon a rendszergazdának!
    .short = Kétlépcsős azonosítás: be. Nem Ön volt? Szóljon a rendszergazdának!
method-changed = { $company }: megváltoztak az azonosítási módszerei. Nem Ön volt? Szóljon a rendszergazdának!
    .short = Megváltoztak azonosítási módszerei. Nem Ön volt? Szóljon azonnal!
two-step-turned-off = { $company }: a kétlépcsős azonosítás ki van kapcsolva. Meglepi? Kérdezze a rendszergazdát!
    .short = Kétlépcsős azonosítás: ki. Meglepi? Kérdezze a rendszergazdát!
reset-by-admin = { $company }: kétlépcsős azonosítását alaphelyzetbe állították. Meglepi? Kérdezze a rendszergazdát!
    .short = Azonosítását alaphelyzetbe állították. Meglepi? Kérdezzen rá!
five-failures = { $company }: öt hibás kód a fiókjához. Nem Ön volt? Változtasson jelszót!
    .short = Öt hibás kód a fiókjához. Nem Ön volt? Változtasson jelszót!
locked = { $company }: túl sok hibás kód, a fiókja zárolva van. Nem Ön volt? Szóljon a rendszergazdának!
    .short = A fiókja zárolva van. Nem Ön volt? Szóljon a rendszergazdának!
unlocked = { $company }: a fiókja zárolását feloldották. Újra bejelentkezhet.
    .short = A fiókja zárolását feloldották. Újra bejelentkezhet.
recovery-code-used = { $company }: helyreállítási kódot használtak a fiókjához. Nem Ön volt? Változtasson jelszót!
    .short = Helyreállítási kódot használtak. Nem Ön volt? Váltson jelszót!
password-changed = { $company }: megváltozott a jelszava. Nem Ön volt? Szóljon a rendszergazdának!
    .short = Megváltozott a jelszava. Nem Ön volt? Szóljon a rendszergazdának!
master-admins-changed = { $company }: megváltoztak a Master Adminok. Meglepi? Beszéljen azonnal a többiekkel!
    .short = Megváltoztak a Master Adminok. Meglepi? Szóljon a többieknek!
policy-changed = { $company }: megváltozott a kétlépcsős azonosítás szabályzata. Meglepi? Kérdezze a többi Master Admint!
    .short = Megváltozott az azonosítási szabályzat. Meglepi? Nézze meg!
glass-broken = { $company }: a(z) { $product } üzemeltetője vészhelyzeti linket készített. Meglepi? Kérdezze meg azonnal!
    .short = Vészhelyzeti link készült. Meglepi? Kérdezze az üzemeltetőt!
texts-stopped = { $company }: egy országba szünetelnek az SMS-ek, alig írtak be kódot.
    .short = Egy országba szünetelnek az SMS-ek.
