"""Lines that turn to the reader, or speak of the page and its publisher, in the languages of feeds.

Asked only of what is known to recur on a site: alone such words are in any text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Final, NamedTuple

from feedd.article.lexicon import ADDRESS, MENTIONS, STARTS, speaks_for_publisher
from feedd.article.tree.blocks import Block
from feedd.article.tree.elements import QUESTION_ENDS


class Appeal(IntEnum):
    """How much a line is about its reader or its publisher, not about what the page is about."""

    NONE = 0
    TURNS = 1
    """It says "you", "our", "this page": an introduction or an instruction may, too."""
    CALLS = 2
    """It calls the reader elsewhere, counts readers, speaks of rights or of who wrote it."""


_CALLING: Final = (
    *(STARTS[name] for name in ("pointer", "share", "tags", "comments", "advert", "back", "shout")),
)
_SPEAKING: Final = (
    *(MENTIONS[name] for name in ("subscribe", "rights", "contact", "about")),
    ADDRESS,
)
_CONDITION: Final = ("if you ", "if you'")
"""So begin calls, and what one has to know: "If you are allergic"."""

_READER: Final = frozenset(
    str.split(
        "you your yours yourself dir dich dein deine deinen deinem deiner deines euch euer eure"
        " euren vous votre vos usted ustedes tú tus vuestra vuestro tuo tua tuoi tue vostro vostra"
        " você vocês u uw jouw jij jullie dig ditt dina jer jeres dere deg twój twoja twoje cię"
        " państwo państwa wasz вы вас вам ваш ваша ваши вами ты тебя тебе твой ви vás vám váš vaše"
        " sinun sinut teidän siz sizi sizin size téged vă dumneavoastră"
        " vas vam vaš vaša vaše vašem вашем вашег вашу вашего вашия вашата ваше вашето jūs jums"
        " jūsų tavo jūsu teie teid teil sinu þú þig þér ykkur vosaltres vostra vostre vostè anda"
        " kamu kalian awak inyo ninyo bạn yako wewe zuek zure zuen chi eich ju juaj tuaj شما آپ אתם"
        " לכם שלך שלכם לך لكم لك أنتم თქვენ თქვენი ձեր ձեզ դուք сіз сіздің сізге"
    )
)
_OF_FRENCH: Final = frozenset(("le", "la", "les", "des", "est", "dans", "et"))
"""Where one of these is, "du" is no "you"."""
_FORMAL = re.compile(r"[a-zäöüß,] (?:Sie|Ihnen|Ihre?[nmrs]?)\b")
_UNSPACED = re.compile(
    r"あなた|ください|下さい|お寄せ|皆さん|皆様|您|你|请(?!求)|여러분|(?<!안녕하)(?<!되)세요\b|십시오"
    r"|この(?:記事|ページ|ブログ|投稿|動画|サイト)|[本当](?:記事|ページ|ブログ|サイト)|本文|本站|本报"
    r"|이 (?:기사|글|포스팅)|आप(?:का|की|के|को|से)? |আপনা|আপনি|তোমা|คุณ|ท่าน|உங்கள்|நீங்கள்|మీరు|మీకు"
    r"|നിങ്ങ|ನೀವು|ನಿಮ್ಮ"
)

_THIS: Final = frozenset(
    str.split(
        "this these dieser diese dieses diesen diesem ce cet cette ces este esta estos estas deste"
        " desta neste nesta questo questa questi queste dit deze denna detta denne dette tento tato"
        " toto ten tego tej tym этот эта это этого этой этом данный tämä tämän bu acest această цей"
    )
)
_WE: Final = frozenset(
    str.split("we we've we're wir nous nosotros nosotras noi nós wij vi мы ми biz εμείς мие")
)
_PEOPLE: Final = frozenset(
    str.split(
        "people others persons menschen leute personen personnes personas persone pessoas mensen"
        " människor mennesker osób lidí людей человек kişi ihmistä oameni emberek"
    )
)
_OF_PUBLISHING: Final = str.split(
    "section sección sezione seção rubri blog paper newspaper zeitung journal giornal periódic"
    " jornal krant tidning"
    " articl artikel artícul artigo articol artyku стать статт post beitrag billet entrada page"
    " seite página pagina stron sida side страниц text testo tekst текст site website story report"
    " bericht informe serial serie série series"
    " summary zusammenfass résum resum riassunt translat übersetz traduc перевод"
    " recipe rezept recette receta ricett recept oppskrift przepis рецепт episod folge épisod"
    " odcin выпуск column kolumn chroniqu column newsletter letter bulletin boletín biuletyn"
    " advisory transcri transkri review video blog publica magazin ausgabe edition issue material"
    " материал game podcast"
)
_IS_PUBLISHED = re.compile("|".join(_OF_PUBLISHING))

_SUBSCRIBING = re.compile(
    r"\b(?:prenumer|abbon|подпис|підпис|subskr|suscr[ií]b|inscreva|inscrivez|assine\b|zapisz się"
    r"|tilmeld|tilaa |biuletyn|boletín|boletim|nyhetsbrev|nyhedsbrev|nieuwsbrief|hírlev|zpravodaj"
    r"|рассылк|uutiskirj|bülten|infolettre|rundbrief|předplat|odebír|feliratk|abone\b|whatsapp"
    r"|telegram|телеграм|instagram|facebook|tiktok|youtube|spotify|patreon|вконтакте|linkedin)"
    r"|\bmeld (?:u|je)\b|[#@][^\W\d]\w\w|購読|メルマガ|订阅|구독|関注|关注|微信|微博|抖音"
    r"|페이스북|인스타그램|유튜브|카카오톡|フェイスブック|インスタグラム|फेसबुक|व्हाट्सएप|यूट्यूब|เฟซบุ๊ก"
    r"|فيسبوك|فيس بوك|واتساب|تلغرام|تيليجرام|انستغرام|إنستغرام|يوتيوب|تويتر|פייסבוק|וואטסאפ|טלגרם"
    r"|\b(?:фейсбук|инстаграм|інстаграм|вайбер|ватсап|ютуб)"
)
_OFFERING = re.compile(
    r"\b(?:free|kostenlos|gratis|gratuit|grátis|бесплатн|bezpłatn|zdarma|ilmai|maksut|ücretsiz"
    r"|ingyen|e-?mail|mailbox|inbox|courriel|correo|posteingang|app\b|sovellu|aplikac|aplicac"
    r"|applicaz|приложени|uygulama|alkalmaz|comments?\b|kommentar|commentaire"
    r"|coment[aá]ri|yorum|komentář|комментар|комент|gift\b|contribution|donat|spende|ofrend"
    r"|apoi[ae]|sostie?n|souten|soutien|unterstütz|support|steun|stöd|støtt|wesprz|wspier|поддерж"
    r"|podpoř|támogas|become a|redaktion|redazion|redacci|redaç|redacti|rédaction|redakcj|редакц"
    r"|newsroom)"
    r"|無料|免费|무료|이메일|댓글|コメント|评论|アプリ|[€£$] ?\d"
    r"|\d ?(?:€|kr\b|kronor|kroner|zł|руб|euros?\b|reais)"
)
_BACKED = re.compile(
    r"\b(?:sponsor|gesponsert|patrocin|geförder|gefördert|finanz|financ|funded|supported"
    r"|support (?:of|for)"
    r"|offered by|presented by|offert[oae]? d|ofrecid[oa] por|oferecid[oa] p"
    r"|präsentiert von|aangeboden d"
    r"|brought to|made possible|möglich gemacht|ermöglicht|mogelijk gemaakt"
    r"|rendu possible|avec le soutien|soutien d|mécén|subvention|apoyo de|apoio d|sostegno d"
    r"|contributo d|støtte fra|stöd (?:av|från)|finansi|med støtte|wsparci|podpor|поддержк"
    r"|підтримк|támogat|tuella|tuke|rahoitt|desteği|χορηγ|υποστήριξ|sprijinul|backed by"
    r"|(?:in )?(?:partnership|association|cooperation|collaboration) with|together with"
    r"|with a grant|in zusammenarbeit mit|mit unterstützung|met dank aan|dankzij|grâce [àa]"
    r"|en partenariat|en colaboración|gracias al?\b|grazie a|in collaborazione|em parceria"
    r"|gra[çc]as a|graças à|i samarbet?e med|i samarbeid med|tack vare|takket være|yhteistyössä"
    r"|współprac|ve spolupráci|díky|v spolupráci|együttműköd|işbirliği|katkılarıyla|sayesinde"
    r"|în parteneriat|cu sprijin|в партнерстве|при участии|за сприяння|σε συνεργασία)"
    r"|提供|協賛|協力|赞助|支持|合作|후원|협찬|협력|بدعم|برعاية|بالتعاون|בתמיכת|בחסות|בשיתוף"
)
_PAID = re.compile(
    r"affili|afili|werbelink|partnerlink|annonsl[äe]nk|reklamel[äe]nk|reklamlänk|provision|prowizj"
    r"|provize|комисси|партн[её]рск|comisi[oó]n|comissão|commission|jutalék|komisyon|palkkio"
    r"|アフィリエイト|联盟营销|제휴|수수료"
    r"|\b(?:makers?|manufacturers?|brands?|shops?|publishers?) (?:who |that )?"
    r"(?:sends?|sent|lends?|lent|suppl(?:y|ied)|provided?)\b"
    r"|\breview (?:cop(?:y|ies)|samples?|units?)\b|rezensionsexemplar|testexemplar|testgerät"
    r"|zur verfügung gestellt|ter beschikking gesteld|service de presse|prêtée?s? par"
    r"|mise?s? à disposition par|cedid[oa]s? por|fornit[oi] d|pressexemplar|pressprov"
    r"|عمولة|עמלה|کمیسیون|कमीशन|προμήθεια|комісі|comision\b|provizij|провизиј|hoa hồng|komisi\b"
    r"|own pocket|eigener tasche|selbst bezahlt|de (?:ma|notre) poche|échantillons|mi bolsillo"
    r"|di tasca (?:mia|nostra)|meu bolso|eigen zak|egen ficka|własnej kieszeni|за свои деньги"
    r"|anmeldereksemplar|recenzyjny egzemplarz|egzemplarz recenzyjny|recenzní výtisk"
    r"|для обзора|サンプル提供"
)
"""Who gets money for a sale, or what is tested from whom."""
_COUNTING = re.compile(
    r"\b(?:views?\b|viewed|readers?\b|read\b|shared|shares\b|downloads?\b|downloaded|listen"
    r"|have joined|visitors?\b|followers?\b|subscrib"
    r"|played|gelesen|geteilt|angesehen|aufgerufen|aufrufe"
    r"|heruntergeladen|leser|hörer|besucher|consultée?|vues?\b|lecteur|partagé|téléchargé|abonné"
    r"|auditeur|visto\b|leído|lector|compartid|descarga|seguidor|oyente|visualiz|lettor|condivis"
    r"|scaricat|ascoltat|leitor|ouvinte|ouvid|baixad|bekeken|gelezen|gedeeld|lezer|luisteraar"
    r"|visning|läst\b|läsare|delat|lyssn|lest\b|delt\b|læst|læser|wyświetl|czytelni|czytan|pobran"
    r"|udostępn|słuchacz|zobraz|čtenář|přečten|просмотр|прочит|читател|читают|скача|подписчик"
    r"|слушател|переглян|katsel|lukij|jaettu|okundu|okuyucu|görüntülen|olvas|megtekint|meghallgat|cititor"
    r"|sponsors\b|saved\b|found th(?:is|e)\b|has been seen|reading time|lesezeit"
    r"|(?:temps|tiempo|tempo|timp) de (?:lect|leit)|tempo di lettura|leestijd|lästid|læsetid"
    r"|lesetid|lukuaika|czas czytania|doba čtení|время чтения|час читання|olvasási idő"
    r"|okuma süresi|χρόνος ανάγνωσης|dinlen|izlen|indiril|paylaşıl|stažen|stiahnut|завантаж"
    r"|descărca|ladattu|nedladd|lastet ned|downloadet|letölt|متابع|مشاهد|مشترك|قارئ|צפיות"
    r"|à la recevoir|lo reciben|bekommen (?:ihn|sie|es)|la ricevono"
    r"|visits\b|visiteurs?\b|visitantes?\b|visitator|bezoekers?\b|besökare|visats|besøkende|besøgende"
    r"|kävij|gości(?:em|a|e)\b|odwiedz|návštěv|látogat|ziyaret|посетител|відвідувач|επισκέπτ)"
    r"|読まれ|読了|閲覧|再生回数|訪問者|阅读|閱讀|浏览|访客|조회|방문자"
)
_NO_COUNT = re.compile(
    r"(?<![\d.,])(?:19|20)\d\d(?![.,]?\d)|#\d+"
    r"|(?<!\d)\d{1,4}+ (?:pages|seiten|páginas|pagine|pagina's|sid[aeo]r|sivua|stron|stran"
    r"|страниц|oldal)\b"
)
"""A year, the number of a thing, a book's pages: "for readers since 1994", "(#1184)"."""
_DISCLAIMING = re.compile(
    r"\b(?:(?:without|any) warranty|ohne gewähr|sans garantie|sin garantía|senza garanzia"
    r"|sem garantia|без гаранти|may be (?:\w+ )?(?:copied|reprinted|republished|reproduced|quoted)"
    r"|(?:investment|financial|legal|tax|medical) advice|anlageberatung|рекомендаци|geen rechten"
    r"|(?:opinions?|views) expressed|riproduz|reproduc|reprodui|reproduz|vervielfältig|cytowa"
    r"|zitier|перепечат|цитирован|får (?:gärna |inte |ej )?(?:delas|användas|kopieras|spridas)"
    r"|szerzői jog|tekijänoikeu|opphavsrett|upphovsrätt|ophavsret|auteursrecht|urheberrecht"
    r"|derechos de autor|diritti d.autore|direitos autorais|droits d.auteur|praw autorsk"
    r"|авторськ|авторск|telif|authori[sz]ed and regulated|registered (?:charity|in england)"
    r"|(?:nie stanowi|non costituisce|no constituye|não constitui|ne constitue)\b"
    r"|l.abus d.alcool|drink responsibly|avec modération|consumo responsable|con moderación"
    r"|responsabilmente|verantwortungsvoll (?:trinken|genießen)|keine (?:haftung|gewähr)"
    r"|auf eigene (?:gefahr|verantwortung)|op eigen risico|own risk\b|neruč|vlastní nebezpečí"
    r"|własn(?:e ryzyko|ą odpowiedzialność)|décline toute|bajo su responsabilidad|egen risk\b"
    r"|a proprio rischio|omalla vastuulla|на свой страх|ответственности не нес|не нес[её]т ответств"
    r"|sorumluluk kabul|saját felelősség"
    r"|reproduced with|photograph(?:s|y)? by|illustrat(?:ions?|ed) by|illustrationen von)"
    r"|転載|複製|转载|著作権|版权|저작권|무단"
)
_SPONSORS = re.compile(
    r"\W*+(?:(?:our|unsere|nos|nuestros|i nostri|os nossos|onze|våra|våre|vores|nasi|наши"
    r"|naši) )?(?:sponsor(?:s|en|er|zy|eri|ři|i)?|patrocinador(?:es)?|patrocinadors"
    r"|sponzo\w+|támogatóink|спонсоры|спонсори|sponsorit|sponsorlar|χορηγοί|スポンサー|협찬)\W*+$"
)
"""The heading of those who pay."""
_READING_TIME = re.compile(
    r"\W*+(?:reading time|lesezeit|lesedauer|temps de lecture|tiempo de lectura"
    r"|tempo di lettura|tempo de leitura|leestijd|lästid|lesetid|læsetid|lukuaika"
    r"|czas czytania|время чтения|час читання|okuma süresi|olvasási idő|doba čtení"
    r"|timp de citire|χρόνος ανάγνωσης|읽는 시간|読了|阅读时间|阅读时长)"
    r"|\W*+\d{1,3}+ ?(?:min\.?|minut\w*"
    r"|мин\w*|хв\w*|dk|dakika|perc|分|분) ?(?:read\b|lesezeit|de lect|di lettura|de leitura"
    r"|leestijd|läsning|lesetid|læsetid|lukuaika|czytania|чтения|читання|okuma|olvasás|čtení"
    r"|で読め|읽기)"
)
_BUTTON = re.compile(
    r"\W*+(?:apply now|apply for this|jetzt bewerben|postuler|candidati ora|solicitar empleo"
    r"|candidatar-se|aplikuj|откликнуться|jump to (?:the )?recipe|(?:direkt )?zum rezept"
    r"|aller à la recette|ir a la receta|vai alla ricetta|ir para a receita"
    r"|naar (?:het )?recept|till receptet|til oppskriften|til opskriften|przejdź do przepisu"
    r"|перейти к рецепту|siirry reseptiin|tarife git|ugrás a recepthez|レシピへ|레시피 바로가기"
    r"|report (?:this|a problem)|melden sie diese|signaler (?:cet|cette|un)"
    r"|segnala (?:questo|un)|denunciar (?:este|esta)|add to calendar|in den kalender"
    r"|ajouter au calendrier|añadir al calendario|aggiungi al calendario"
    r"|adicionar ao calendário|lägg till i kalender|dodaj do kalendarza"
    r"|(?:zuletzt|letzte|last|derni[eè]re|última|ultim[ao]|laatste?|senast|sist|sidst|viimeksi"
    r"|ostatni[aeo]?|naposledy|poslední|последнее|останнє|son|utolsó|utoljára|τελευταία)\W{1,3}"
    r"(?:aktualisier|update|mise à jour|mis à jour|actuali[sz]a|atualiza|aggiorna|bijgewerkt"
    r"|gewijzigd|modif|uppdatera|oppdater|opdater|päivit|aktuali|zaktuali|обновл|оновл|güncelle|frissít"
    r"|ενημέρ))"
)
"""A button, or when a page was changed last."""
_ANSWER = re.compile(
    r"\b(?:(?:leave|drop|send|write) (?:me |us )?(?:a (?:line|note|comment|message|review"
    r"|rating)|us|me)\b|rate (?:this|us|the show)|schreib(?:t|en sie)? (?:mir|uns)\b"
    r"|écrivez[- ](?:nous|moi)|escr[ií]b[ea]n?(?:me|nos)\b|scriv(?:i|ete)(?:mi|ci)\b"
    r"|escreva[- ](?:nos|me)|schrijf (?:ons|mij)|skriv till (?:oss|mig)|skriv til (?:oss|os"
    r"|meg|mig)|kirjoita meille|napisz do (?:nas|mnie)|напишите (?:нам|мне)|напишіть (?:нам"
    r"|мені)|napište (?:nám|mi)|írj(?:on)? nek(?:ünk|em)|bize yaz|scrieți-(?:ne|mi)"
    r"|γράψτε (?:μας|μου))"
)
_TIMES = re.compile(
    r"\d (?:mal|keer|times|fois|veces|volte|vezes|gånger|ganger|gange|razy|krát|раза?|kertaa|kez)\b"
)
_ASKS = re.compile(r"[?？؟]['\"”’»)\]]{0,3} ?\w")
"""A question that is not the end: "Enjoying this? Become a friend"."""


CALLS: Final = (
    *("speaks", "names_act", "leads", "counts", "disclaims", "subscribes", "wants_answer"),
)
"""Those of `Ways` of which each is a call by itself."""


class Ways(NamedTuple):
    """In which ways a line is about its reader or its publisher, by its words alone."""

    speaks: bool
    """Of subscriptions, rights, addresses, authors."""
    names_act: bool
    """It is a button's label, a reading time, the heading of sponsors, when it was changed."""
    leads: bool
    """It begins as do lines that lead elsewhere, tell tags or share."""
    turns: bool
    names_page: bool
    counts: bool
    tells_times: bool
    """So many times."""
    offers: bool
    pays: bool
    asks_first: bool
    """A question, and more behind it."""
    disclaims: bool
    subscribes: bool
    wants_answer: bool
    names_site: bool
    is_condition: bool
    says_we: bool
    we_count: bool
    """It says "we" and how many."""
    exclaims: bool
    has_question: bool

    @property
    def appeal(self) -> Appeal:
        """How much that is."""
        leads = self.leads and not self.is_condition
        turns = self.turns or self.names_page
        counts = self.counts or (self.tells_times and turns)
        calls = self.speaks or self.names_act or leads or counts
        calls = calls or self.disclaims or self.subscribes or self.wants_answer
        if calls or turns + self.offers + self.pays + self.asks_first > 1:
            return Appeal.CALLS
        return Appeal.TURNS if turns or self.names_site else Appeal.NONE


def ways_of(block: Block, site: Sequence[str] = ()) -> Ways:
    """The ways of a recurring line; `site` is what the site is called, squashed."""
    text, words = block.text, block.words
    folded = text.lower()
    has_number = any(map(str.isdigit, folded))
    counts = has_number and any(map(str.isdigit, _NO_COUNT.sub(" ", folded)))
    says_we = not _WE.isdisjoint(words)
    said = "".join(words)
    return Ways(
        speaks=any(pattern.search(folded) for pattern in _SPEAKING),
        names_act=bool(
            _SPONSORS.match(folded) or _READING_TIME.match(folded) or _BUTTON.match(folded)
        ),
        leads=any(pattern.match(folded) for pattern in _CALLING),
        turns=turns_to_reader(words, text),
        names_page=_names_page(words),
        counts=counts and (_COUNTING.search(folded) is not None or _counts_people(words)),
        tells_times=has_number and _TIMES.search(folded) is not None,
        offers=_OFFERING.search(folded) is not None,
        pays=any(pattern.search(folded) for pattern in (_PAID, MENTIONS["commission"])),
        asks_first=_ASKS.search(text) is not None,
        disclaims=_DISCLAIMING.search(folded) is not None,
        subscribes=_SUBSCRIBING.search(folded) is not None,
        wants_answer=_ANSWER.search(folded) is not None,
        names_site=any(name in said for name in site),
        is_condition=folded.startswith(_CONDITION),
        says_we=says_we,
        we_count=says_we and counts,
        exclaims="!" in text,
        has_question=any(sign in text for sign in QUESTION_ENDS),
    )


def tells_of_backers(block: Block) -> bool:
    """Whether a line says who pays for something."""
    return _BACKED.search(block.text.lower()) is not None


def tells_of_publication(block: Block) -> bool:
    """Whether a line is about what the site publishes: "The serial is written by hand"."""
    return any(map(_IS_PUBLISHED.match, block.words[:2]))


def turns_to_reader(words: Sequence[str], text: str) -> bool:
    """Whether a line says "you" or "our"."""
    said = set(words)
    if not said.isdisjoint(_READER) or speaks_for_publisher(text):
        return True
    if "du" in said and said.isdisjoint(_OF_FRENCH):
        return True
    is_unspaced = not text.isascii() and _UNSPACED.search(text)
    return bool(is_unspaced or _FORMAL.search(text))


def _counts_people(words: Sequence[str]) -> bool:
    """Whether a line says how many people have done something with this."""
    said = set(words)
    return not said.isdisjoint(_PEOPLE) and not said.isdisjoint(_THIS)


def _names_page(words: Sequence[str]) -> bool:
    """Whether a line says "this page", "this recipe"."""
    return any(one in _THIS and _IS_PUBLISHED.match(two) for one, two in pairwise(words))
