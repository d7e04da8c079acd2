"""What stands on pages beside the story: invented bylines, boxes, captions, posts, appeals and feet."""

# ruff: noqa: E501  (a row of the table, and a text, stay on one line)
from __future__ import annotations

BYLINE = {
    "en": "By Rena Holt, Lantern Staff Writer",
    "de": "Von Jonas Keller",
    "fr": "Par Mathilde Aubrac, avec KAP",
    "es": "Por Inés Quiroga",
    "ru": "Автор: Мария Лебедева",
    "zh": "记者 沈若兰 编辑 高远",
    "ja": "国際部　三浦かなえ",
    "ar": "بقلم ليلى حداد",
    "th": "โดย วิภา ศรีสุข",
    "ko": "윤하늘 기자 haneul@daily-lantern.example",
}
DATELINE = {
    "ferry": ("BRANNOCK, Valdoria (KAP) —", "Brannock Island —"),
    "summit": ("PORT HALDEN, Valdoria (KAP) —", "Kestrian Public News Service, PORT HALDEN:"),
    "quake": ("ORLANDA (NWA) -", "MIRROW, Kestria, June 2 —"),
    "de": ("Brannock (KAP) –", "Brannock. KAP/dl"),
    "fr": ("BRANNOCK (Valdoria), 16 mai 2031 (KAP) -", "Brannock -"),
    "es": ("Brannock (Valdoria), 16 may (KAP).-", "BRANNOCK.—"),
    "ru": ("БРАННОК, 16 мая — КАП.", "БРАННОК (Вальдория), 16 мая, «Фонарь» —"),
    "zh": ("开普社布兰诺克5月16日电", "【灯笼日报综合报道】"),
    "ja": ("【ブラノック（ヴァルドリア）KAP＝共同】", "［ブラノック　16日　ＫＡＰ］ - "),
    "ar": ("أورلاندا (NWA) -", "أورلاندا - وكالات:"),
    "ko": ("(한빛=누리통신) 김도윤 기자 =", "[한빛=등불일보]"),
}
RELATED = {
    "en": ("Related article: Who inspects the inspectors? A year on the quays", "Read also: Five charts that explain the coast", "More on this story: Live updates from the region"),
    "de": ("Lesen Sie auch: Warum die Küste leiser wird", "Mehr zum Thema: Das war die Woche in Bildern"),
    "fr": ("Lire aussi : Pourquoi la côte se vide", "À lire aussi : Notre dossier sur les ports du Nord"),
    "es": ("Lea también: Por qué se vacía la costa", "Noticia relacionada: Los puertos del norte en cifras"),
    "ru": ("Читайте также: Почему пустеет побережье", "По теме: Порты севера в цифрах"),
    "zh": ("相关阅读：海岸为何越来越安静", "延伸阅读：北方港口的一年"),
    "ja": ("関連記事：海辺の町はなぜ静かになったのか", "【あわせて読みたい】北の港の一年"),
    "ar": ("اقرأ أيضا: لماذا تخلو السواحل من سكانها", "مواضيع ذات صلة: موانئ الشمال بالأرقام"),
    "th": ("อ่านเพิ่มเติม: ทำไมชายฝั่งจึงเงียบลงทุกปี", "ข่าวที่เกี่ยวข้อง: หนึ่งปีของท่าเรือเหนือ"),
    "ko": ("관련기사: 바닷가 마을은 왜 조용해졌나", "[이 시각 많이 본 뉴스] 북쪽 항구의 한 해"),
}  # fmt: skip
SUBSCRIBE = {
    "en": "To continue reading, subscribe for 1 crown a week. Already a subscriber? Log in.",
    "de": "Weiterlesen mit Laterne plus. Jetzt einen Monat gratis testen. Sie haben schon ein Abo? Hier anmelden.",
    "fr": "Il vous reste 82 % de cet article à lire. La suite est réservée aux abonnés.",
    "es": "Este contenido es exclusivo para suscriptores. Suscríbete para seguir leyendo.",
    "ru": "Полный текст доступен подписчикам. Оформите подписку, чтобы читать дальше.",
    "zh": "登录后阅读全文，新用户首月仅需1元。",
    "ja": "この記事は有料会員限定です。残り785文字　ログインして続きを読む",
    "ar": "للاطلاع على بقية المقال يرجى الاشتراك أو تسجيل الدخول.",
    "th": "เนื้อหานี้สำหรับสมาชิกเท่านั้น สมัครสมาชิกเพื่ออ่านต่อ",
    "ko": "이 기사는 유료 회원 전용입니다. 로그인 후 계속 읽으실 수 있습니다.",
}
# feet no list of known phrases holds, each long enough to look like shared text
FEET = {
    "beacon": (
        "The Brannock Beacon is owned by the people who read it. No shipping line, no bank and no party has a seat at our table, and since the winter of 2026 we have not printed one advertisement for a cruise.",
        "If this page was worth the price of a bread roll to you, leave a coin in the box at the harbour kiosk or send one by telephone to 4411; every coin is listed, with its date, on the wall of the newsroom, where you may visit us on Saturdays between ten and noon.",
    ),
    "lantern": (
        "Join 41,000 early risers: Lantern Morning brings you, before the kettle boils, what happened while you slept, one photograph we argued about and one recipe that has never failed our night editor. It is free, it is short, and you can leave whenever you like.",
        "By pressing the button you accept our house rules, the use of your address for the purpose you can guess and the occasional question about how we are doing.",
    ),
    "agency": ("Copyright 2031 The Continental Agency of the Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed without permission, nor may it be stored in a retrieval system of any kind, fed to a machine that learns, or read aloud for money in a public place.",),
    "de": ("Die »Laterne« erscheint seit 1874 im Verlag der Witwe Amsel & Söhne. Leserbriefe erreichen uns am besten vor dem Mittagessen; wir behalten uns vor, sie zu kürzen, niemals aber, sie zu verschönern. Wer uns eine Anzeige geben möchte, wende sich an das Kontor am Fischmarkt 3, wo werktags von acht bis siebzehn Uhr jemand sitzt, der sich freut.",),
    "fr": ("Cet article vous a plu ? Notre rédaction ne dépend d'aucun groupe industriel, d'aucune banque et d'aucun mécène pressé. Chaque matin, douze journalistes se répartissent la côte, de Ferrin au cap Sunder, et rentrent le soir avec des histoires que personne d'autre n'est allé chercher. Pour que cela dure, un abonnement coûte moins qu'un café par semaine.",),
    "ru": ("Газета «Фонарь» выходит без рекламы и без хозяев. Мы живём на деньги тех, кто нас читает: сто крон в месяц оплачивают одну поездку корреспондента на острова, пятьсот — неделю работы нашего корректора, который не пропустил ещё ни одной запятой. Если вы дочитали до этого места, вы наш человек, и мы будем рады видеть вас в списке на второй странице.",),
    "ja": ("灯火新聞は読者の会費だけで発行されています。広告は一切載せていません。港の売店にある木箱、または窓口で百円からご支援いただけます。いただいたご支援は、島の通信員の船賃と、夜勤の校閲者のお茶代に使われ、毎月第一土曜日に編集室の壁に一覧を貼り出しています。",),
}  # fmt: skip
CAPTIONS = {
    "kap": "FILE - Skippers mend their nets on the fish quay in Port Halden, Valdoria, while gulls wait for what is left over and a customs launch passes on its way to the outer basin, in this photograph taken in the first light of a cold spring morning, Thursday, April 17, 2031. (KAP Photo/Rena Holt, File)",
    "ap": "A cyclist passes the old customs house, which has served as a court, a barracks, a school of navigation and, since its restoration four years ago with money from the European Union, as the most expensive conference hall in the country, in Port Halden, Monday, May 12, 2031. (AP Photo/Jonas Ferring)",
    "reuters": "A view shows cranes of the container terminal above the morning fog, seen from the lighthouse hill where residents gather each year on the first Sunday of May to watch the sailing ships leave for the southern islands, in Tolmouth, Valdoria May 4, 2031. REUTERS/Lotte Amsel/File Photo",
    "getty": "TOLMOUTH, VALDORIA - MAY 04: Passengers wait under umbrellas at the terminal of the coastal line while a cleaner hoses down the gangway of a ship that has been repainted in the colours of the company for the opening of the summer season on May 4, 2031 in Tolmouth, Valdoria. (Photo by Teodor Lind/Getty Images)",
    "dpa": "Der alte Leuchtturm von Kap Sunder, der seit seiner Abschaltung im Jahr 1998 einer Familie aus der Hauptstadt als Ferienhaus dient und in jedem Frühling von Hunderten Seevögeln als Rastplatz genutzt wird, spiegelt sich bei ruhiger See im Wasser der Bucht. Foto: Jan Kessel/dpa",
    "afp": "Des pêcheurs trient leurs filets sur le quai nord du port, où se tient chaque samedi depuis plus d'un siècle le plus grand marché au hareng de la région et où les visiteurs viennent autant pour les cris des vendeuses que pour le poisson, le 3 mai 2031 à Port Halden - © Camille Orban / AFP",
}  # fmt: skip
_SAID = "My friends, I have read your letters, all four thousand of them, and I will answer every single one before the summer is over. What you wrote about the schools made me angry, what you wrote about the trains made me laugh, and what you wrote about my hat has been passed on to the responsible ministry. Thank you."
POSTS = {
    "x": (_SAID + " pic.twitter.com/q8Zr41LmXe", "— Ilmar Doss (@IlmarDoss) May 11, 2031"),
    "instagram": ("View this post on Instagram", _SAID, "A post shared by Ilmar Doss (@ilmar.doss.official)"),
    "facebook": ("Ilmar Doss", "11 May 2031 at 08:14 · Public", _SAID, "Like · Comment · Share · 2.4K"),
    "telegram": ("Forwarded from Ilmar Doss | Official", _SAID, "t.me/ilmardoss/1182", "118.2K views, May 11 at 08:14"),
    "bluesky": (_SAID, "— Ilmar Doss (@ilmardoss.bsky.social) May 11, 2031 at 8:14 AM"),
    "mastodon": ("Post by @ilmardoss@social.halden.example", _SAID, "View on Mastodon"),
}
LOCAL_LEAD = {
    "en": (
        "Two families from Selm county were waiting for news on Friday after what happened further down the coast.",
        "Deputy fire chief Marit Solberg said nine volunteers from Upper Selm had left with a truck, blankets and 400 litres of soup.",
        "The town hall will stay open all night, and the library bus has been lent to anyone who needs a lift to the coast.",
    ),
    "de": (
        "Auch in Unterselm ist die Betroffenheit groß: Zwei Familien aus der Gemeinde warten auf Nachricht von Angehörigen.",
        "Neun Freiwillige der Feuerwehr machten sich mit einem Lastwagen voller Decken auf den Weg an die Küste, sagte Wehrführer Ole Brandt.",
        "Das Rathaus bleibt die ganze Nacht geöffnet, der Bürgermeister sagte das Frühlingsfest am Sonntag ab.",
    ),
    "fr": (
        "À Selm-le-Haut, deux familles étaient sans nouvelles de leurs proches vendredi après-midi.",
        "Neuf pompiers volontaires de la commune sont partis pour la côte avec un camion chargé de couvertures, a indiqué leur chef, Bastien Roux.",
        "La mairie restera ouverte toute la nuit et la fête du printemps, prévue dimanche, a été annulée.",
    ),
    "ru": (
        "Две семьи из Верхнего Сельма в пятницу ждали известий о своих близких.",
        "Девять добровольцев пожарной дружины выехали к побережью на грузовике с одеялами, рассказал её начальник Олег Брандт.",
        "Мэрия будет открыта всю ночь, а праздник весны, назначенный на воскресенье, отменён.",
    ),
    "zh": (
        "上塞尔姆县有两个家庭周五仍在等待亲人的消息。",
        "县消防队副队长索尔贝格说，九名志愿者已带着毛毯和四百升热汤驱车赶往海边，预计傍晚抵达。",
        "县政府大楼将通宵开放，原定周日举行的春季集市已经取消，图书馆的流动书车也借给了需要前往海边的居民。",
    ),
    "ko": (
        "솔마을과 이웃한 윗샘골 주민들도 3일 저녁 마을회관에 모여 대책을 논의했다.",
        "이장 최영호 씨는 주민 아홉 명이 4일 아침 시청을 찾아가 마을버스 증편을 요청하기로 했다고 전했다.",
        "마을회관은 밤새 열려 있을 예정이며 일요일로 잡혀 있던 봄맞이 잔치는 취소됐다.",
    ),
}
