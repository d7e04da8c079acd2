"""What walls, missing pages and questions say in some thirty languages: stems, one notion a line, told in any order.

A notion alone proves nothing (an article may be about it): ``wall.py`` and ``consent.py`` count different notions in one place, beside what
the page's shape says. Stems are searched in lower case.
"""

from __future__ import annotations

import re
from functools import cache


NOTIONS: dict[str, str] = {
    "subscribe": r"""
            \bsubscri | \babonn | \babbon | suscri | \bassin(?:e|ant|atur) | prenumer | подпис | підпис | передплат | абон | předplat | predplat
            előfizet | \babone | tilaa | tilaus | abonent | abonament | abonează | συνδρομ | اشتر[كا] | مشترك | מנוי | सदस्य | सब्सक्राइब | সাবস্ক্রা
            订阅 | 訂閱 | 付费 | 付費 | 会员 | 會員 | 購読 | 有料 | 会員 | 구독 | 유료 | 멤버십 | สมาชิก | đăng ký (?:gói|thuê) | thuê bao | langganan | pretplat
            претплат | naročn | \bmember | mitglied | membre | miembro | socio\b | iscriv | prenota | \babo\b | -abo\b | membership | tellima | tellija
            abonē | prenumerat | členstv | lidmaatschap | medlem | premium | 프리미엄 | プレミアム | اشتراک | харид
        """,
    "login": r"""
            \blog[ -]?in\b | \bsign[ -]?in\b | logged in | signed in | anmeld | einlogg | connectez-vous | se connecter | identifi(?:ez|ant|er)
            inici(?:ar|a|e) sesión | acced[ei] | \bentr(?:ar|e|a) (?:na|em|com)\b | faça login | fazer login | inlogg | logga in | log(?:g)? ind?\b
            logg inn | zaloguj | logowan | kirjaudu | přihlas | přihlás | prihlás | bejelentkez | belépés | giriş | войти | войдите | вход\b | увійти
            увійдіть | влез | prijav | пријав | σύνδεση | συνδεθ | تسجيل الدخول | سجل الدخول | ورود | התחבר | लॉग ?इन | 登录 | 登錄 | 登入 | ログイン | 로그인
            เข้าสู่ระบบ | đăng nhập | \bmasuk\b | conect(?:ează|are) | autentific | logi sisse | pieslēg | prisijung
        """,
    "register": r"""
            \bregist[er] | \bregistr | create (?:a|an|your)(?: free)? account | benutzerkonto | nutzerkonto | créer un compte | inscri(?:vez|re|ption)
            crea(?:r)? una? c(?:uenta|ont) | criar (?:uma )?conta | cadastr | maak (?:een |gratis )?account | załóż konto | zarejestruj | skapa (?:ett )?konto
            opret | opprett | luo tili | rekisteröi | regisztr | üye ol | üyelik | kayıt ol | kaydol | зарегистр | регистрац | зареєстр | реєстрац | εγγραφ
            إنشاء حساب | التسجيل | הרשמ | पंजीक | रजिस्टर | 注册 | 註冊 | 新規登録 | 会員登録 | 회원가입 | 가입 | สมัคร | đăng ký | daftar | cont nou | înregistr
            registrujte | регистр
        """,
    "password": r"""
            password | passwor[td] | passwort | kennwort | mot de passe | contraseña | parola | senha | wachtwoord | hasł | lösenord | adgangskode
            passord | salasana | heslo | jelszó | şifre | парол | лозинк | lozink | geslo | κωδικ | كلمة (?:المرور|السر) | סיסמ | पासवर्ड | 密码 | 密碼 | パスワード
            비밀번호 | รหัสผ่าน | mật khẩu | kata sandi
        """,
    "read_on": r"""
            (?:continue|keep) reading | read (?:on\b|the (?:full|rest|whole)|more of this) | full (?:article|story|access|text) | the rest of | whole story
            weiterlesen | weiter lesen | zu lesen | lire la suite | la suite (?:de|est) | continuer (?:la|votre|à) lire? | seguir leyendo | sigue leyendo
            continuar leyendo | leer (?:el|este|más|todo) | continuare a leggere | continua a leggere | leggere (?:tutto|l'articolo|questo)
            continu(?:ar|e) (?:lendo|a ler|a leitura) | ler (?:a|o|esta|este) | verder lezen | lees verder | lezen\b | czytaj dalej | czytać dalej
            dalsza część | przeczytaj | czytaj bez | läsa vidare | läs vidare | läsa hela | fortsätt(?:a)? läsa | læs videre | læse videre | les videre | lese videre
            lese hele | fortsæt | jatka lukemista | lukea koko | lue koko | čtěte dál | pokračovat ve čtení | číst dál | dočíst | čítať ďalej | celý (?:článek|článok)
            tovább(?:i)? olvas | olvas(?:sa|na|ás) | teljes cikk | okumaya devam | devamını oku | tamamını oku | haberin devamı | читать (?:дальше|далее|полностью)
            продолжение | дочитать | продолжить чтение | полный текст | читати далі | продовж | повний текст | συνέχεια | διαβάστε ολόκληρο | συνεχίσ
            لمتابعة القراءة | متابعة القراءة | إكمال القراءة | تكملة | لقراءة | קריאה | להמשך | पूरा (?:लेख|पढ़) | आगे पढ़ | 继续阅读 | 繼續閱讀 | 阅读全文 | 閱讀全文 | 全文
            続きを | 続きは | 残り\d+ | 계속 읽 | 전문(?:을|은)? | 이어서 | 기사 전체 | อ่านต่อ | อ่านฉบับเต็ม | đọc tiếp | đọc toàn | selengkapnya | baca (?:lanjut|selanj)
            melanjutkan | citiți | citește | continua (?:să|lectura) | nastavi(?:te)? (?:s )?čita | наставите | продължи | nadaljuj | edasi luge | lasīt tālāk | skaityti
        """,
    "lock": r"""
            (?:only|exclusive\w*|reserved) (?:available )?(?:for|to) (?:our |paying |paid |registered )*(?:subscriber|member|premium|reader)
            subscribers?[ -]only | (?:subscribers|members) only | for (?:paying |our |paid )?(?:subscribers|members)\b | (?:limit|all) of (?:your )?(?:free|complimentary)
            (?:your|free|article) limit | last free (?:article|story) | unlock | of \d+ free | free articles? (?:this|per) | end of (?:your|this|the) (?:free )?preview
            (?:nur|exklusiv|ausschließlich) (?:für|mit) | für abonnent | für mitglieder | réservée? (?:à|aux) | pour les abonnés | abonnés uniquement
            il vous reste | (?:para|a) (?:nuestros )?(?:suscriptores|socios) | exclusiv[oa]s? para | solo (?:para|per) | riservat[oi] | (?:per|agli) (?:gli )?abbonati
            para assinantes | (?:só|somente|apenas|exclusiv\w+) (?:para|a) | (?:alleen|exclusief) (?:voor|met) | voor abonnees | voor leden
            (?:tylko |wyłącznie )?(?:dla|dostępn\w+ dla) (?:naszych )?(?:prenumerator|subskryb|abonent) | pozostało \d+ | zostało .{0,12}do przeczytania
            för (?:våra )?prenumeranter | kun for | for abonnenter | forbeholdt | bare for | (?:vain|tilaajille) | tilaajille
            (?:jen|pouze|len|iba|výhradně|výlučne) (?:pro|pre) | pro předplatitele | pre predplatiteľov | zbývá | csak előfizető | előfizetőinknek | előfizetői tartalom
            (?:sadece|yalnızca) .{0,14}(?:abone|üye) | abonelere özel | üyelere özel | (?:только |лишь )?(?:для |доступ\w* )+(?:только )?(?:подписчик|платн)
            только (?:подписчикам|для) | лише (?:для|передплат) | для передплатник | μόνο για | συνδρομητές | للمشتركين | للأعضاء | حصري | למנויים | केवल .{0,12}सदस्य | सदस्यों के लिए
            仅限 | 僅限 | 专享 | 專享 | 限会员 | (?:订阅|付费|购买|訂閱|付費|購買)(?:后|後|可|即可|阅读|閱讀) | 剩余\d+ | 余下 | 会員限定 | 有料(?:会員|記事|プラン) | 続きを(?:読|お) | 残り\d+
            전용 | 회원만 | 구독자만 | 유료 (?:회원|기사|콘텐츠) | 구독(?:하시면|하고|하면|자를) | เฉพาะสมาชิก | สำหรับสมาชิก | dành (?:riêng )?cho | chỉ dành | khusus (?:pelanggan|anggota)
            hanya untuk | (?:doar|numai|exclusiv|rezervat) (?:pentru|abon) | pentru abonați | samo za | само за | za pretplatnike | за претплатник | za naročnike
            ainult tellija | tikai abonent | tik prenumerator
            (?:to|um|pour|para|per|om|żeby|aby|för|for|чтобы|щоб|abyste|ak|devam|لل?متابعة|להמשך|要|如需)\b.{0,24}(?:continue|keep reading|weiter|lire|leyendo|leggere|lendo|ler\b|lezen|czyta|läsa|læse|lese|читать|дочитать|читати|čte|čít|القراءة|קרוא).{0,90}(?:subscri|abo|regist|suscri|abbon|assin|prenumer|подпис|передплат|předplat|konto|account|compte|log|anmeld|اشتر)
            (?:%|prozent|percent|pour cent|por ciento|процент|procent) (?:of|des|dieses|de|del|di|da|van|av|статьи|материала|текста|artykuł|článk)
        """,
    "price": r"""
            (?:[€$£¥₩₴₽₺₹₫฿]|\b(?:eur|usd|chf|gbp|kr|kč|zł|ft|tl|lei|rub|uah)\b\.?) ?\d | \d[\d.,  ]* ?(?:[€$£¥₩₴₽₺₹₫฿元円원]|(?:eur|usd|chf|kr|kč|zł|ft|tl|lei|din|лв|руб|грн|крон|кч)\b|euro|crowns?\b|kron)
            \d+ ?(?:/|per|pro|par|al|por|im|i|в|на|za|w|na|om|a) ?(?:the )?(?:first )?(?:week|month|year|woche|monat|jahr|semaine|mois|\ban\b|semana|mes\b|año|settiman|mese|anno|mês|ano\b|maand|jaar|miesiąc|rok|vecka|månad|måned|uge|měsíc|mesiac|hó|ay\b|месяц|місяць|год)
            月额 | 月額 | 첫 달 | 元/月 | per (?:month|week|year|annum) | im monat | pro monat | par mois | al mes\b | al mese | por mês | per maand | miesięcznie | i månaden | om måneden
            měsíčně | mesačne | havonta | aylık | в месяц | на місяць | το μήνα | شهري | לחודש | प्रति माह | mỗi tháng | per bulan | pe lună | mjesečno | месечно | kuukaudessa
            cancel any ?time | jederzeit kündbar | monatlich kündbar | sans engagement | cancela cuando | disdici | cancele quando | opzegbaar | bez zobowiązań | ingen bindning | いつでも解約 | 언제든지 해지
        """,
    "comment": r"""
            \bcomment | kommentar | kommentier | comentar | commenta(?:re|ire) | reactie | reageer | komentarz | komentář | yorum | комментар | комментир | коментар | σχόλι | تعليق | תגוב
            टिप्पणी | 评论 | 評論 | 留言 | コメント | 댓글 | ความคิดเห็น | bình luận | komentar
        """,
}

PAGE_WORDS = (
    r"page|article|story|stories|content|\bpost\b|\blink\b|address|\burl\b|seite|artikel|beitrag|inhalt|adresse|contenu|página|artículo|noticia|contenido|dirección|enlace"
    r"|pagina|articolo|notizia|contenuto|indirizzo|conteúdo|endereço|matéria|stron[aęy]|artykuł|treść|adres|sida\b|sidan|siden?\b|artikkel|sivu|artikkeli|juttu|stránk|článek|článok|obsah"
    r"|oldal|cikk|tartalom|sayfa|haber|içerik|страниц|материал|стать|новост|ссылк|публикац|сторінк|матеріал|статт|новин|страниц|стран|σελίδα|άρθρο|الصفحة|صفحة|الخبر|الرابط|المقال|المحتوى|صفحه"
    r"|\bדף|העמוד|עמוד|הכתבה|पेज|पृष्ठ|लेख|ख़?बर|页面|頁面|网页|網頁|文章|内容|內容|新闻|新聞|ページ|記事|페이지|기사|게시물|หน้า|บทความ|ข่าว|เนื้อหา|trang|bài viết|halaman|berita|pagin[ăa]|articol|stranic"
    r"|članak|članek|leht\b|lehekülg|lapa|puslapis|leathanach|síða|pàgina"
)
MISSING = (
    r"not found|(?:can|could)(?:no|n')t (?:be )?(?:fi?ou?nd|locate)|no longer (?:exist|available|here|online)|(?:does|do|did)(?:n't| not) (?:seem to |appear to )?exist|isn't (?:here|available)|never existed"
    r"|(?:been|was|were|is|got) (?:re)?(?:moved|named|deleted|taken (?:down|offline)|withdrawn|unpublished)|removed|doesn't live here|gone (?:missing|astray)|went missing"
    r"|nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden|auffindbar|finden|existier|erreichbar|gibt)|(?:existiert|gibt es)\b.{0,24}nicht|gelöscht|verschoben|umgezogen|entfernt"
    r"|introuvable|(?:pas|plus) (?:été )?(?:trouvé|disponible|en ligne|accessible)|n'existe (?:pas|plus)|supprimé|déplacé|n'a pas (?:pu )?(?:être|été) trouvé|avons pas trouvé"
    r"|no (?:se )?(?:encontr|existe|está disponible|hemos encontrado|se ha podido)|eliminad|ha sido (?:borrad|movid|retirad)|movido|ya no (?:está|existe)"
    r"|non (?:è stat[ao] )?(?:trovat|esiste|è (?:più )?(?:disponibile|presente|raggiungibile)|riusciamo a trovare|abbiamo trovato)|rimoss[ao]|spostat[ao]|cancellat[ao]"
    r"|não (?:foi )?(?:encontr|existe|está (?:mais )?(?:disponível|no ar)|conseguimos)|removid[ao]|retirad[ao] do ar|excluíd|pode ter mudado"
    r"|niet (?:meer )?(?:gevonden|beschikbaar|vinden|te vinden)|bestaat (?:niet|helaas)|verwijderd|verplaatst"
    r"|nie (?:została |zostało )?(?:znalezion|istnieje|odnalezion|udało się znaleźć|znaleźliśmy|jest (?:już )?dostępn)|usunięt|przeniesion"
    r"|(?:kunde|kunne|går) (?:inte|ikke) (?:hitta|finde|finne|att hitta)|(?:hittades|finns|findes|finnes|blev|ble) (?:inte|ikke)|inte hitta|tagits bort|flyttat|flyttet|fjernet|slettet"
    r"|ei (?:löyt|ole (?:enää )?(?:olemassa|saatavilla)|onnistu)|poistettu|siirretty|nebyl[ao]? nalezen|nenalezen|neexistuje|nenájden|nenašl|nebola nájden|nebol nájden|smazán|odstraněn|přesunut|odstránen|presunut"
    r"|nem (?:található|létezik|elérhető|találj)|törölt|áthelyez|bulunamadı|mevcut değil|bulunmuyor|kaldırıl|silin|taşın"
    r"|не (?:найден|существует|нашл|доступн|удалось найти)|удал[её]н|перенес[её]н|перемещ|снят[ао]? с публикации|не (?:знайден|існує|знайшли)|видален|переміщен|не (?:е намерен|съществува|постои|постоји|пронађен)|избрисан"
    r"|δεν (?:βρέθηκε|υπάρχει|είναι διαθέσιμ)|διαγραφεί|μετακινηθεί|غير (?:موجود|متوفر|متاح)|لم (?:يتم العثور|نتمكن من العثور|نعثر)|حذف|یافت نشد|وجود ندارد|לא (?:נמצא|קיים|קיימת|נמצאה|זמין)|הוסר|הועבר"
    r"|नहीं मिल|मौजूद नहीं|उपलब्ध नहीं|हटा|不存在|找不到|未找到|無法找到|无法找到|已(?:被)?(?:删除|刪除|下线|移除|移动)|見つかりません|見つけられません|存在しません|削除(?:され)?|終了した|移動(?:した|され)|公開期間"
    r"|찾을 수 없|존재하지 않|삭제|없는 페이지|이동(?:되|했)|ไม่พบ|ไม่มีอยู่|ถูกลบ|ถูกย้าย|không (?:tìm thấy|tồn tại|còn)|đã bị (?:xóa|gỡ)|tidak (?:ditemukan|tersedia|ada)|telah (?:dihapus|dipindah)"
    r"|nu (?:a fost găsit|există|poate fi găsit|am găsit|mai)|ștears|mutat|nije (?:pronađen|moguće)|ne postoji|ni (?:bilo )?mogoče najti|ne obstaja|ei leitud|nav atrast|nerast|neegzistuoja|no s'ha trobat|fannst ekki"
)
NOT_FOUND = rf"(?:{PAGE_WORDS}).{{0,90}}?(?:{MISSING})|(?:{MISSING}).{{0,60}}?(?:{PAGE_WORDS})|\b404\b"
AWAY = (
    r"(?:front|home|start) ?page|homepage|\bsearch|startseite|\bsuche|accueil|recherch|portada|página (?:principal|inicial|de inicio)|\binicio|\bbusca|\bhome\b|pagina iniziale|ricerca|cerca\b|página inicial|zoek"
    r"|stron\w+ główn|szukaj|wyszukiw|startsid|forsid|\bsök|\bsøg|\bsøk|etusivu|haku|hlavní|úvodní|hlavn|hled|hľad|címlap|kezdő|főoldal|keres|ana ?sayfa|\bara(?:ma|yın)?\b|главн|поиск|головн|пошук|начална|почетн"
    r"|αρχική|αναζήτηση|الرئيسية|البحث|بحث|דף הבית|חיפוש|मुखपृष्ठ|होम|खोज|首页|首頁|主页|搜索|搜尋|トップ|検索|홈|메인|검색|หน้าแรก|ค้นหา|trang chủ|tìm kiếm|beranda|cari\b|prima pagin|căut|naslovn|početn|pretra|domov|typo|misspel|spelling|"
    r"tippfehler|schreibweise|oops|ops[!,]|hoppla|huch|ups[!,.]|oups|uuups|hoppsan|ой\b|упс"
)
BROKEN = (
    r"(?:under|for|undergoing|planned|scheduled|routine|emergency) (?:\w+ )?(?:maintenance|upgrade)|maintenance (?:work|in progress|mode|window)|(?:right |be )back (?:soon|shortly|in a|at|online)|temporarily (?:down|unavailable|offline|closed)"
    r"|(?:пошло|щось пішло) не так|не (?:смог|удалось) (?:обработать|загрузить)|обновите страниц|un problème est survenu|technical (?:difficult|problem|issue|fault)|something went wrong|went wrong|internal (?:server )?error|server error|try again (?:later|in a|soon)|bad gateway|gateway time|service unavailable|database (?:connection )?error|fatal error|stack trace|traceback"
    r"|wartung|gleich zurück|in kürze (?:wieder|zurück)|vorübergehend|technische(?:s|r|n)? (?:problem|störung|schwierigkeit|gründe)|schiefgelaufen|fehler (?:ist )?aufgetreten|später (?:noch einmal|erneut|wieder)|interner (?:server)?fehler"
    r"|(?:en|de) maintenance|problème technique|erreur (?:interne|technique|serveur|inattendue|est survenue|s'est)|réessay|momentanément|temporairement|revenons"
    r"|mantenimiento|volvemos (?:enseguida|pronto|en)|problemas? técnic|error (?:interno|inesperado|del servidor)|ha ocurrido un error|se ha producido un error|inténtelo|inténtalo|vuelva a intentar"
    r"|manutenzione|torn(?:iamo|eremo) (?:presto|subito|online)|problem[ai] tecnic|errore (?:interno|critico|del server|imprevisto)|si è verificato|riprova|manutenção|voltamos (?:já|em|logo)|problemas? técnic|erro (?:interno|inesperado|do servidor|no servidor)|tente novamente|ocorreu um erro"
    r"|onderhoud|zo terug|storing|er (?:is iets|ging iets) (?:mis|fout)|probeer het (?:later|opnieuw)|interne fout|konserwac|przerwa techniczna|prace (?:techniczne|serwisowe)|zaraz wracamy|wracamy|błąd (?:serwera|wewnętrzny|krytyczny)|wystąpił błąd|spróbuj (?:ponownie|później)"
    r"|underhåll|snart tillbaka|tekniska? (?:problem|fel)|något gick fel|försök igen|vedligehold|snart tilbage|noget gik galt|prøv igen|vedlikehold|snart tilbake|noe gikk galt|huolto|huoltokatko|palaamme|jokin meni (?:pieleen|vikaan)|yritä (?:myöhemmin|uudelleen)"
    r"|údržb|brzy (?:zpět|jsme)|technick(?:é|ých|ý) (?:potíž|problém|dôvod|důvod)|chyba serveru|nastala chyba|došlo k chybě|zkuste to|skúste|karbantartás|hamarosan (?:vissza|újra)|hiba történt|próbálja|bakım (?:çalışma|nedeniyle|modu)|bakımda|yakında döneceğiz|teknik (?:arıza|sorun)|bir hata oluştu|tekrar deneyin"
    r"|техническ(?:ие|их|ое|им) |технічн|временно недоступ|тимчасово недоступ|скоро верн[её]мся|ведутся .{0,20}работы|произошла ошибка|ошибка сервера|попробуйте (?:позже|обновить|еще|ещё)|повторите попытку|сталася помилка|спробуйте|поддръжка|одржавањ|održavanj|vzdrževanj"
    r"|συντήρηση|σφάλμα|προσωρινά|صيانة|حدث خطأ|خطأ في الخادم|حاول مرة أخرى|تعمیر|תחזוקה|שגיאה|נסו שוב|रखरखाव|त्रुटि|维护|維護|升级中|服务器(?:错误|内部)|系统(?:错误|繁忙|异常)|出错了|稍后(?:再|重)|稍後|メンテナンス|障害|エラーが発生|しばらく(?:して|経って|お待ち)|점검|오류가 발생|서버 오류|잠시 후"
    r"|ปิดปรับปรุง|บำรุงรักษา|ขัดข้อง|bảo trì|lỗi (?:máy chủ|hệ thống)|đã xảy ra lỗi|thử lại|pemeliharaan|terjadi kesalahan|coba lagi|mentenanță|revenim|eroare|încercați|hooldus|apkope|priežiūr|klaid|manteniment"
)
HUMAN = (
    r"(?:not|are) a (?:ro)?bot|(?:you(?:'re| are)|is) (?:a )?human|human (?:verification|check)|verify(?:ing)? (?:that |your )?(?:you|browser|connection)|security check|checking your|captcha|proof[ -]of[ -]work|unusual (?:traffic|activity)|automated (?:traffic|access|requests|queries)|ray id|ddos"
    r"|(?:kein|ein) (?:ro)?bot(?:er)?\b|ein mensch|sicherheits(?:über)?prüfung|browser (?:wird )?(?:ge|über)prüf|ungewöhnliche(?:n|r)? (?:datenverkehr|aktivität|zugriff)|êtes (?:pas un robot|(?:bien )?(?:un )?humain)|vérification (?:de sécurité|que|du navigateur)|trafic (?:inhabituel|automatis)"
    r"|(?:no (?:eres|es|soy) un|eres un) robot|eres (?:un )?human|una persona \(|comprobación de seguridad|verifica(?:ndo|r|ción|mos)? (?:que|tu|su|de seguridad|el navegador)|non (?:sei|sono) un robot|sei (?:un )?(?:essere )?uman|verifica (?:di sicurezza|del browser|che)|controllo di sicurezza"
    r"|não (?:é|sou) um robô|(?:é|você é) (?:um )?human|verificação de segurança|verificando|geen robot|een mens|beveiligingscontrole|nie jesteś robotem|nie jestem robotem|jesteś (?:człowiekiem|robotem)|weryfikacja|sprawdza(?:my|nie) (?:twoją|przeglądar|bezpiecze)|inte (?:är )?en robot|är en (?:människa|robot)|säkerhetskontroll"
    r"|ikke (?:er )?en robot|et menneske|sikkerhe[dt]s(?:tjek|kontrol|sjekk)|et ole robotti|ihminen|turvatarkist|nejste robot|nie ste robot|jste (?:člověk|robot)|bezpečnostní kontrol|ověř(?:ujeme|ení|te)|nem (?:vagy )?robot|ember|biztonsági ellenőrz|robot olmadığ|insan olduğ|güvenlik (?:kontrol|doğrulama)|tarayıcınız"
    r"|не (?:вы )?робот|вы (?:не )?(?:робот|человек)|проверка (?:браузер|безопас)|проверяем|подозрительн\w+ (?:трафик|актив|запрос)|не робот|ви (?:не )?(?:робот|людина)|перевірка|ρομπότ|άνθρωπος|έλεγχος ασφαλείας|لست (?:روبوت|برنامج)|إنسان|روبوت|التحقق (?:من|الأمني)|ربات نیستید|(?:לא|אינך) רובוט|אימות|रोबोट|मानव|सुरक्षा जांच"
    r"|人机|机器人|機器人|安全验证|安全驗證|访问验证|验证(?:码|后|您|你)|驗證|滑块|滑塊|访问(?:行为|频繁|过于)|异常(?:访问|流量)|ロボットではない|人間である|セキュリティ(?:チェック|確認)|ブラウザ(?:を|の)確認|로봇이 아|사람인지|보안 (?:확인|검사)|비정상적인|หุ่นยนต์|มนุษย์|ตรวจสอบความปลอดภัย|(?:không phải|là) (?:ro)?bot|con người|xác minh|bukan robot|manusia|verifikasi|nu (?:ești|sunteți) (?:un )?robot|om sau robot|niste robot|nisi robot"
)
CONSENT = (
    r"cookie|tracker|traceur|クッキー|печенье|куки\b|kakor\b|informasjonskapsl|evästei|süti|sütik|çerez|ملفات (?:تعريف )?(?:ال)?ارتباط|כוגיות|עוגיות|कुकी|曲奇|쿠키|คุกกี้|piškot|kolačić|колачић|бисквитк|küpsis|sīkdat|slapuk|galetes|vafrakök|fianáin",
    r"consent|einwillig|zustimm|einverst|accord\b|consenso|consentim|toestemming|\bzgod[aęyą]|согласи|згод[аиу]|同意|samtyck|samtykke|suostumu|souhlas|súhlas|hozzájárul|rıza|onay|συγκατάθεσ|συναίνεσ|موافق|הסכמ|सहमति|동의|ยินยอม|đồng ý|persetujuan|acord|pristan|privol|съгласи|nõusolek|piekriš|sutikim",
    r"partner|vendor|third[- ]part|dritt|partenaire|socios|parceiro|terze parti|derden|партн[её]р|третьи|třetí(?:ch)? stran|ortağ|ortak|tredje ?part|kumppan|συνεργ|شركا|الأطراف|שותפ|साझेदार|合作伙伴|第三方|第三者|パートナー|파트너|제휴|พันธมิตร|đối tác|mitra|parteneri|partneri",
    r"\bdevice|gerät|terminal|appareil|dispositiv|apparaat|urządzeni|enhet|enhed|laitte|zařízení|zariaden|eszköz|cihaz|устройств|пристро|συσκευ|جهاز|المكشير|מכשיר|डिवाइस|设备|裝置|設備|端末|デバイス|기기|อุปกรณ์|thiết bị|perangkat|uređaj|napravi|seade|ierīc|įrengin",
    r"personali[sz]|personnalis|personaliz|gepersonaliseerd|spersonaliz|anpassa|tilpass|persontilpas|kohden|räätäl|přizpůsob|prispôsob|személyre szab|kişiselleştir|персонал|εξατομικευ|مخصص|تخصيص|מותאם|वैयक्तिक|个性化|個人化|パーソナライズ|맞춤|cá nhân hóa|เฉพาะบุคคล|prilagođ|personalitzad",
    r"personal (?:data|information)|your (?:data|information)|personenbezogen|données|datos personales|dati personali|persoonsgegevens|gegevens|dados pessoais|dan(?:e|ych|ymi) osobow|personuppgift|personopplysning|personoplysning|henkilötie|osobní(?:ch)? údaj|osobn(?:é|ých) údaj|személyes adat|kişisel veri|персональн\w+ дан|персональн|προσωπικ|بيانات|البيانات|מידע אישי|נתונים|व्यक्तिगत|个人信息|個人資料|个人数据|個人情報|個人データ|개인정보|ข้อมูลส่วนบุคคล|dữ liệu cá nhân|data pribadi|date(?:le)? (?:cu caracter )?personal|osobn(?:e|ih) podat|лични данни|dades personals|isikuandme",
    r"withdraw|revoke|change your (?:mind|choice|preference|setting)|at any time|widerr?uf|jederzeit|à tout moment|retirer|en cualquier momento|revocar|in qualsiasi momento|a qualquer momento|op elk moment|intrekken|w każdej chwili|wycofać|när som helst|når som helst|til enhver tid|milloin tahansa|kdykoli|kedykoľvek|bármikor|dilediğiniz zaman|istediğiniz zaman|в любой момент|в любое время|у будь-який|οποτεδήποτε|ανά πάσα στιγμή|في أي وقت|בכל עת|किसी भी समय|随时|隨時|いつでも|언제든지|ตลอดเวลา|bất (?:cứ|kỳ) lúc|kapan saja|oricând|în orice moment|u (?:svakom|bilo kojem) trenutku",
    r"measur|audience|messung|zielgruppe|reichweite|mesure|medición|misurazion|medição|metingen|pomiar|mäta|måling|mittaa|mitata|měření|meranie|mérés|ölçüm|измер|вимір|μέτρηση|قياس|מדיד|मापन|测量|衡量|測定|측정|đo lường|pengukuran|măsur|mjerenj|statisti|аналіти|analys|analyse|analiz",
    r"advert|\bads?\b|werbung|anzeigen|publicit|anunci|pubblicit|annunc|advertent|reklam|annons|annonce|mainon|hirdet|реклам|διαφήμισ|διαφημίσ|إعلان|פרסו|विज्ञापन|广告|廣告|広告|광고|โฆษณา|quảng cáo|iklan|oglas|огласи|reclam",
    r"legitimate interest|berechtigt\w+ interess|intérêt légitime|interés legítimo|legittimo interesse|interesse legítimo|gerechtvaardigd belang|uzasadnion\w+ interes|berättigat intresse|oprávněn\w+ zájm|oprávnen\w+ záujm|jogos érdek|meşru menfaat|законн\w+ интерес|έννομο συμφέρον|المصلحة المشروعة|legitimate|identifi|kennung|\bip[- ]",
    r"\b(?:accept|agree|allow|reject|decline|refuse)\b|akzeptier|ablehn|accepter|refuser|acept|rechaz|accett|rifiut|aceit|rejeit|accepteren|weiger|akceptuj|odrzuć|godkänn|avvisa|godta|godkend|avvis|afvis|hyväksy|hylkää|přijm|odmítn|prija|odmietn|elfogad|elutasít|kabul|reddet|принять|принима|отклон|прийня|відхил|αποδοχή|αποδέχ|απόρριψη|قبول|رفض|לקבל|קבל|דחה|स्वीकार|अस्वीकार|接受|拒绝|拒絕|許可|拒否|すべて許可|수락|거부|허용|ยอมรับ|ปฏิเสธ|chấp nhận|từ chối|terima|tolak|accept|respinge|prihvat|odbij|приема|necessary|notwendig|nödvändig|nødvendig|nezbytn|zorunlu|необходим|vältt",
    r"privacy|datenschutz|privatsphäre|confidentialité|vie privée|privacidad|privacidade|riservatezza|prywatno|integritet|personvern|privatliv|yksityisyy|tietosuoj|soukrom|súkrom|adatvédel|gizlilik|конфиденциальн|конфіденційн|απόρρητ|خصوصية|פרטיות|गोपनीयता|隐私|隱私|プライバシー|개인정보 처리|ความเป็นส่วนตัว|quyền riêng tư|privasi|confidențialit|privatnost|поверителност|privaatsus|tracking|track",
    r"purpose|zweck|finalité|fines\b|finalit|finalidad|doeleinden|\bcel(?:u|ach|e)\b|ändamål|formål|tarkoitu|účel|cél(?:ok|ja|ból)|amaç|amac|цел(?:и|ей|ях)\b|ціл|σκοπ|أغراض|غرض|מטרות|उद्देश्य|目的|목적|วัตถุประสงค์|mục đích|tujuan|scop|svrh|store and/or|speicher|stocker|almacen|archivi|armazen|opslaan|przechow|lagra|lagre|gemme|tallen|uklád|tárol|sakla|хран|зберіг|αποθήκ|تخزين|存储|儲存|保存|저장",
)


@cache
def notion(name: str) -> re.Pattern[str]:
    """The pattern of a notion, or of "missing", "away", "broken", "human". Compiled when the first page asks for it (``warm_up``)."""
    if name in _OTHERS:
        return re.compile(_OTHERS[name])
    return re.compile("|".join(part for line in NOTIONS[name].splitlines() for part in line.strip().split(" | ") if part))


_OTHERS = {"missing": NOT_FOUND, "away": AWAY, "broken": BROKEN, "human": HUMAN}


@cache
def cues() -> tuple[re.Pattern[str], ...]:
    """What a question for consent speaks of, one pattern a thing."""
    return tuple(re.compile(said) for said in CONSENT)


def of(text: str) -> set[str]:
    """The notions of a text in lower case."""
    return {name for name in NOTIONS if notion(name).search(text)}


def warm_up() -> None:
    """Compiles them all, so that processes forked later share them."""
    for name in (*NOTIONS, *_OTHERS):
        notion(name)
    cues()


def consenting(text: str) -> int:
    """How many different things that a question for consent speaks of stand in a text in lower case."""
    return sum(1 for cue in cues() if cue.search(text))
