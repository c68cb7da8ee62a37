# Ami minden levélben áll.
greeting = Tisztelt { $person }!
signature = { $product } – { $company }
automatic = Ezt az üzenetet automatikusan küldtük; a válaszokat senki sem olvassa.
colon = :
code-label = Az Ön kódja
code-valid-until = A kód egyszer használható, eddig: { $code-until }.
link-valid-until = A hivatkozás egyszer használható, eddig: { $link-until }.

fact-company = Cég
fact-person = Személy
fact-login = Felhasználónév
fact-when = Időpont
fact-client = Honnan
fact-by = Ki tette
fact-reason = Indoklás
fact-change = Változás
fact-also = Ezenkívül
client-web = a webhelyről
client-console = a technikusi konzolról
by-operator = a(z) { $product } üzemeltetője
by-product = maga a(z) { $product }
erased-person = valaki, akinek az adatait törölték

instant = { $year }. { month } { $day }. { $clock } { $zone }
month = { $month ->
        [1] január
        [2] február
        [3] március
        [4] április
        [5] május
        [6] június
        [7] július
        [8] augusztus
        [9] szeptember
        [10] október
        [11] november
       *[12] december
    }

# Kódok és hivatkozások. A kód sosem áll a tárgyban: a zárolt telefon is mutatja a tárgyat.
sign-in-code = Ön éppen bejelentkezik ide: { $product }. Írja be ezt a kódot ott, ahol kérik.
    .subject = Az Ön bejelentkezési kódja – { $company }
    .action = Tovább
    .not-you = Ha nem Ön jelentkezik be, valaki ismeri a jelszavát: ne adja meg senkinek ezt a kódot, és változtassa meg a jelszavát.

set-up-code = Írja be ezt a kódot, hogy befejezze a kétlépcsős azonosítás e-mailes beállítását.
    .subject = Az Ön beállítási kódja – { $company }
    .action = Tovább
    .not-you = Ha semmit sem állít be éppen, ne adja meg senkinek ezt a kódot, és szóljon a rendszergazdájának.

verification-link = Erősítse meg, hogy ez az Ön címe: nyissa meg a hivatkozást, és nyomja meg az ott látható gombot, vagy írja be a kódot ott, ahol elkezdte.
    .link-alone = Erősítse meg, hogy ez az Ön címe: nyissa meg a hivatkozást, és nyomja meg az ott látható gombot.
    .subject = Erősítse meg az e-mail-címét – { $company }
    .action = Cím megerősítése
    .not-you = Ha nem Ön kérte, hagyja figyelmen kívül ezt az üzenetet: Ön nélkül semmi sem erősíthető meg.

invitation = Meghívást kapott innen: { $company }, a következő használatára: { $product }. Nyissa meg a hivatkozást, és válasszon jelszót.
    .subject = Meghívó – { $company }
    .action = Jelszó választása
    .not-you = Ha nem ismeri ezt a céget ({ $company }), hagyja figyelmen kívül ezt az üzenetet: Ön nélkül nem történik semmi.

password-reset = Valaki, nagy valószínűséggel Ön, új jelszót kért. Nyissa meg a hivatkozást, és válasszon egyet.
    .subject = Válasszon új jelszót – { $company }
    .action = Új jelszó választása
    .not-you = Ha nem Ön kérte, hagyja figyelmen kívül ezt az üzenetet: a jelszava nem változik.

# Értesítések.
set-up-started = Valaki, aki ismeri a jelszavát, elkezdte beállítani a kétlépcsős azonosítást az Ön fiókjához.
    .subject = Elkezdődött a kétlépcsős azonosítás beállítása – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön volt, azonnal változtassa meg a jelszavát, és szóljon a rendszergazdájának.

two-step-activated = A kétlépcsős azonosítás be van kapcsolva. Mostantól minden bejelentkezést egy kóddal erősít meg.
    .subject = A kétlépcsős azonosítás be van kapcsolva – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön volt, azonnal szóljon a rendszergazdájának: lehet, hogy más fér hozzá a fiókjához.

method-changed = Megváltoztak a módszerek, amelyekkel a bejelentkezéseit megerősíti.
    .subject = Megváltoztak az azonosítási módszerei – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön volt, azonnal szóljon a rendszergazdájának.

two-step-turned-off = A kétlépcsős azonosítás ki van kapcsolva. A bejelentkezéshez elég a jelszava.
    .subject = A kétlépcsős azonosítás ki van kapcsolva – { $company }
    .action = Megnézem
    .not-you = Ha ez meglepi, kérdezze meg a rendszergazdáját.

reset-by-admin = Egy rendszergazda alaphelyzetbe állította az Ön kétlépcsős azonosítását. A következő bejelentkezéskor újra be kell állítania.
    .subject = Alaphelyzetbe állították a kétlépcsős azonosítását – { $company }
    .action = Megnézem
    .not-you = Ha ez meglepi, kérdezze meg a rendszergazdáját, mielőtt újra beállítja.

five-failures = Az Ön jelszavával ötször írtak be hibás kódot.
    .subject = Öt hibás kód a fiókjához – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön volt, valaki ismeri a jelszavát: változtassa meg most.

locked = Túl sok hibás kódot írtak be. A kóddal való bejelentkezés egy időre zárolva van.
    .subject = A fiókja zárolva van – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön volt, valaki ismeri a jelszavát: kérje a rendszergazdája segítségét, hogy megváltoztassa.

unlocked = A fiókja zárolását feloldották. Újra bejelentkezhet.
    .subject = A fiókja zárolását feloldották – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön kérte, szóljon a rendszergazdájának.

recovery-code-used = Valaki helyreállítási kóddal lépett be a fiókjába. Ez a kód csak egyszer használható; a többi továbbra is érvényes.
    .subject = Helyreállítási kódot használtak – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön volt, azonnal változtassa meg a jelszavát, és kérje meg a rendszergazdáját, hogy állítsa alaphelyzetbe a kétlépcsős azonosítását.

password-changed = Megváltozott a fiókja jelszava.
    .subject = Megváltozott a jelszava – { $company }
    .action = Megnézem
    .not-you = Ha nem Ön volt, azonnal szóljon a rendszergazdájának.

# A Master Adminoknak.
master-admins-changed = Megváltozott, kik a Master Adminok ennél a cégnél: { $company }.
    .subject = Megváltoztak a Master Adminok – { $company }
    .action = Megnézem
    .not-you = Ha ez meglepi, azonnal beszéljen a többi Master Adminnal: lehet, hogy valaki az egyikük fiókját használja. Ha már egyikük sem tud bejelentkezni, a(z) { $product } üzemeltetője be tudja engedni valamelyiküket.
roster-joined = Új Master Admin: { $whom }
roster-demoted = Már nem Master Admin: { $whom }
roster-disabled = Letiltott fiók, már nem Master Admin: { $whom }
roster-erased = Törölték egy Master Admin adatait.
roster-holds-the-account = A fő fiók új birtokosa (Master Account Holder): { $whom }; korábban: { $before }
roster-let-in = A vészhelyzeti hivatkozás címzettje: { $whom }

policy-changed = Megváltozott a cég kétlépcsős azonosítási szabályzata.
    .subject = Megváltozott az azonosítási szabályzat – { $company }
    .action = Megnézem
    .not-you = Ha ez meglepi, beszéljen a többi Master Adminnal; a szabályzat oldala mutatja, mi van érvényben.

# Ami a szabályzatban más.
changed = { $old } → { $new }
policy-admins = Adminisztrátorok
admins-all = kötelező az azonosítás
admins-none = nem kötelező az azonosítás
policy-technicians = Technikusok, akiknek kötelező
technicians-none = senki
technicians-all = mindenki
technicians-selected-groups = a kiválasztott csoportok tagjai
policy-primary = Elsődleges módszer
policy-backups = Tartalék módszerek
method-app = hitelesítő alkalmazás
method-sms = SMS
method-email = e-mail
method-printed = nyomtatott kódok
policy-code-life = A kódok érvényessége
seconds = { $seconds } s
policy-work-address = Munkahelyi cím megerősítése a beállítás előtt
said-yes = igen
said-no = nem
policy-resets = A következő bejelentkezéskor mindenki újra beállítja.
policy-turns-off = Akire a szabályzat már nem vonatkozik, annál kikapcsol a kétlépcsős azonosítás.
policy-undoes = Ez visszavonja az előző változtatást.

glass-broken = A(z) { $product } üzemeltetője vészhelyzeti hivatkozást készített, amellyel egy Master Admin egyszer bejelentkezhet.
    .subject = Vészhelyzeti hozzáférés – { $company }
    .action = Megnézem
    .not-you = Ha ez meglepi, azonnal beszéljen a többi Master Adminnal és az üzemeltetővel.

texts-stopped = Az elmúlt órában { $company } nevében egy országba küldött SMS-kódokból szinte egyet sem írtak be. Az oda szóló SMS-ek az óra végéig szünetelnek.
    .subject = { $company }: egy országba szünetelnek az SMS-ek
    .action = Megnézem
    .not-you = Lehet, hogy valaki olyan számokra küldet a { $product } nevében, amelyek ezen keresnek: kérdezze meg az üzemeltetőt. Aki ott kódra vár, használhatja a tartalék módszert.
