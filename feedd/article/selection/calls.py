"""Lines that turn to the reader: calls, pleas, questions for consent, notes on commissions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import MENTIONS
from feedd.article.page_rules import tells_of_wall
from feedd.article.selection.pointers import LINKED_MIN, POINTER_MAX_WORDS
from feedd.article.tree.blocks import Block, together
from feedd.article.tree.elements import HEADINGS, text_of
from feedd.article.tree.media import is_to_follow

CALL_MAX_WORDS: Final = 25
BOX_MAX_WORDS: Final = 80
"""A box of a call or a question to the reader holds no more."""
COMMISSION_MAX_WORDS: Final = 70
_COMMISSION = re.compile(
    r"\b(?:earns?|receives?|gets?|paid) (?:us )?(?:an? |some )?(?:small |modest )?"
    r"(?:affiliate |referral )?(?:commissions?|compensation)\b"
    r"|\b(?:contains?|includes?|uses?) affiliate links?\b"
    r"|\bas an amazon associate\b|\bprovision(?:en)? erhalten\b|\bliens? affili"
    r"|\b(?:enthält|contien[et]n?|contém|contêm|bevat|zawiera|obsahuj[eí]|innehåller|indeholder"
    r"|inneholder|sisältää|içer\w+|содерж\w+|міст\w+|tartalmaz\w*|mengandung|conține|chứa)"
    r" [^.!?]{0,25}\b(?:affili|afili|партнерс|партнёрс|kumppanuus|mainosl|annons|annonce|ortaklık"
    r"|reklame?l[äe]n)"
    r"|\b(?:affili|afili|партнерс|партнёрс|kumppanuus)(?>[^!?]{0,160}?\b(?:commission|provi[sz]|prowizj"
    r"|comisi|comiss|commissi|komissio|komisyon|komisi|комис|комісі|jutalék|hoa hồng))"
    r"|(?:記事|ページ|サイト|ブログ|コンテンツ)[^。]{0,20}(?:アフィリエイト|プロモーション)"
    r"|파트너스[^.]{0,30}수수료|(?:联盟|聯盟|返利)(?:链接|連結)[^。]{0,40}佣金"
)
_OF_COMMISSIONS: Final = (
    *("commission", "compensation", "affili", "amazon associate", "provision", "afili", "партнерс"),
    *("партнёрс", "kumppanuus", "mainosl", "annons", "reklam", "annonce", "ortaklık"),
    *("アフィリエイト", "プロモーション", "수수료", "佣金"),
)
"""One of these is in every match of `_COMMISSION`."""
_OF_PLEAS: Final = (
    *("support", "readers like", "by subscribing", "by becoming", "your donation"),
    *("your contribution", "profit news", "reader-funded", "consider "),
)
_OF_CALLS: Final = ("comment", "tag ", "mention ", "wherever you", "thank", "if you ", "javascript")
"""One of these is in every match of `_PLEA`, and of `_CALL_TO_COMMENT`."""
_CALL_TO_COMMENT = re.compile(
    r"(?i)\b(?:let us know|tell us|share your \w+|sound off|leave (?:us )?(?:a comment|your \w+)"
    r"|have your say)\b.{0,40}\b(?:in|with) (?:the|our|a) comments?\b.{0,12}$"
    r"|\b(?:tag|mention) (?:us\b|me\b|@\w)"
    r"|^(?:listen|subscribe|download|stream|available|find|follow)\b.{0,80}\bwherever you"
    r" (?:get|find|listen to) (?:your )?podcasts"
    r"|^thank(?:s| you) for reading\b[^.!?]{0,30}[.!?] .{0,40}\b(?:subscrib|shar|sign up|support)"
    r"|^if you (?:like|enjoy|love)d? (?:this|my|our|what)\b.{0,50}\b(?:share|subscribe|follow"
    r"|sign up|consider|donate|support)\b"
    r"|^(?:please )?(?:enable|activate|turn on) javascript (?:to|in|for)\b[^.]{0,60}\.?$"
)
_TIP = re.compile(
    r"(?is)\W*+(?:have|got|do you have) an? (?:\w+ )?tip\b[^.?!]{0,40}\?.{0,250}"
    r"\b(?:signal|whatsapp|securely|encrypted|@)"
)
"""An invitation to tell reporters in confidence."""
_MADE_BY_MACHINES = re.compile(
    r"(?i)\W*+(?:(?:(?:this|the) "
    r"(?:content|audio|summary|narration|voice|translation|transcript(?:ion)?)\b[^.]{0,50}"
    r"|summaries )(?:is|was|were|are) (?:\w+ly )?(?:generated|produced|created|narrated)\b"
    r"[^.]{0,40}\b(?:ai\b|ai-|artificial|automat|text-to-speech)"
    r"|diese[rs]? (?:zusammenfassung|audioversion|transkript)\b[^.]{0,60}"
    r"\b(?:ki|künstlicher intelligenz|automatisch)\b"
    r"|(?:cette|esta|questa) trans?cri(?:ption|pción|ção|zione)\b[^.]{0,60}\bautom"
    r"|ce(?:tte)? (?:résumé|version audio|audio|article audio)\b[^.]{0,60}\b(?:l.)?ia\b"
    r"|est[ea] (?:resumen|audio|locución)\b[^.]{0,60}\b(?:ia|inteligencia artificial)\b)"
)
"""What a player or a box with a summary says of how it came to be."""
_OF_MACHINES: Final = frozenset(
    str.split(
        "generated produced created narrated zusammenfassung audioversion ia transkript"
        " transcription transcripción transcrição trascrizione"
    )
)
"""One of these words is in every match of `_MADE_BY_MACHINES`."""
_CALL = re.compile(
    r"\W*+(?:(?:please |and |also )?(?:follow|join|like|find) (?:us|our|[\w ]{2,40}) (?:on|in)"
    r" (?:google news|facebook|twitter|x\b|instagram|whatsapp|telegram|linkedin|youtube|tiktok"
    r"|threads|bluesky|mastodon|pinterest|flipboard|apple news)"
    r"|(?:follow|join|subscribe to|sign up (?:for|to)) our [\w ]{0,40}"
    r"(?:channel|newsletters?|community|group|podcast|feed|letter|briefing)\b"
    r"|(?:this|the) (?:post|page|article|story|press release) is also available in\b"
    r"|(?:already|not yet) an? (?:subscriber|member)\?|(?:have|got) an? (?:news )?tip\b"
    r"|(?:have you|do you have|got) (?:got )?(?:a story|news|information)\b.{0,60}(?:contact|tell"
    r"|e-?mail)\b"
    r"|(?:click|tap) here to (?:subscribe|follow|join|sign up|donate)"
    r"|support (?:our|independent|local|quality|public) (?:journalism|reporting|work|news)"
    r"|(?:download|get|install) (?:our|the free) [\w ]{0,30}\bapp\b"
    r"|(?:listen to|subscribe to|follow|abonn[\w-]+|hören sie|écoutez|suscríb\w+|escuch\w+|assine"
    r"|ouça|subscreva|ascolta\w*|iscriv\w+|słuchaj|subskrybuj|слушайте) [^,.;:]{0,40}\bpodcasts?\b"
    r"|to (?:send|order|plant) [\w ]{0,40}(?:flower|tree)s?\b.{0,90}\b(?:visit|click|store|shop)\b"
    r"|подписывайтесь на (?:наш|нас)|folgen sie uns (?:auf|bei)|suivez-nous sur|síguenos en"
    r"|segui(?:ci|te?ci)? su|siga-nos n|volg ons op|följ oss|f[øo]l[gj] os+\b|seuraa meitä"
    r"|sledujte nás|(?:śledź|obserwuj) nas|kövess\w* (?:minket|bennünket)|urmăriți-ne"
    r"|последвайте ни|pratite nas|підписуйтесь на|segueix-nos|ακολουθήστε (?:μας|το)"
    r"|bizi .{0,40}takip ed|تابعونا|تابعنا|theo dõi|ikuti kami|mari bergabung"
    r"|(?:únete a|unisciti al|rejoignez|entre no) (?:nuestr|nostr|notre|nosso)"
    r"|.{0,40}(?:を|で)フォロー|.{0,40}구독하기\W*$|关注我们)",
    re.IGNORECASE,
)
_PARTING = re.compile(rf"\W*+(?:{'|'.join(lexicon.lines_of('parting_calls.txt'))})", re.I)
_IN_BROWSER = re.compile("|".join(lexicon.lines_of("in_browsers.txt"))).search
_OF_BROWSERS: Final = tuple(
    str.split("brows naviga navega webbläs nettles przegląd браузер prohlíž version")
)
"""One of these is in every match of that."""
_FOLLOWING: Final = tuple(lexicon.phrases_of("following.txt"))
"""How one is asked to follow a channel, in small letters."""
_CANCELLING = re.compile(
    r"(?i)unsubscribe\b|se désinscri|se désabonn|disiscri|odhlásit|leiratkoz|отписаться|відписатися"
    r"|配信停止|退订"
)
_LETTERS = re.compile(
    r"(?i)newsletter|\binbox\b|posteingang|boîte (?:mail|de réception)|bandeja de entrada"
    r"|(?:morning|evening|daily|weekly|free|our) (?:e-?mail|letter|briefing|digest)s?\b"
    r"|\b(?:no|en|in) (?:seu|tu|jouw) e-?mail\b"
)
SUPPORT = re.compile(
    r"\W*+(?:je (?:donne|soutiens)|spenden)\W*|"
    r"\W*+(?:support (?:us|our (?:work|journalism|reporting)|independent \w+)|become an? (?:member"
    r"|supporter|patron|subscriber)|donate(?: (?:now|today))?|make a donation|unterstützen sie uns"
    r"|soutenez-nous|apóyanos|sostienici|підтрим\w+|поддерж\w+|támogat\w+|wesprzyj\w*|podpoř\w*"
    r"|støtt? (?:oss|os)|stöd oss|steun ons|destekle|podržite|ủng hộ"
    r"|(?:apoi[ea]|apoy[ae]|soutene?z|sosten(?:i|ete|ez)|unterstützen? sie|steun|wesprzyj|stöd"
    r"|støtt) (?:\w+['’ ]){0,3}(?:journalis|jornalis|periodis|giornalis|dziennikar)\w*(?: [\w-]+)?"
    r"|apoi(?:e-nos|ar)|faire un don|soutenir|jetzt (?:unterstützen|spenden)|haz una donación"
    r"|hazte (?:soci|suscript)\w+|asóciate|diventa (?:soci|abbonat|sostenitor)\w+"
    r"|(?:jetzt )?mitglied werden"
    r"|deven(?:ir|ez) (?:membre|adhérent|abonné)\w*|word (?:lid|vriend|abonnee)"
    r"|torne-se (?:sóci|assinan|membr)\w+"
    r"|bli(?:v)? (?:medlem|prenumerant|abonnent|støtte\w+)"
    r"|zostań (?:członkiem|patronem|prenumeratorem)"
    r"|staňte se (?:členem|předplatitelem|podporovatelem)"
    r"|(?:стать|станьте) (?:подписчик|участник|друг)\w+"
    r"|стати (?:читачем|другом|учасник\w+)|dukung kami|후원하기|寄付する)"
    r"(?: (?:now|today|jetzt|maintenant|ahora|ora|agora))?\W*",
    re.IGNORECASE,
)
_ASKS_AT = re.compile(
    r"(?i)(?://|/|/[\w-]{1,20}-)(?:subscri(?:be|ptions?)|abonne(?:r|ment|menten|z-vous)?|abos?|membership"
    r"|join(?:-us)?|sign-?up|suscri(?:bete|birse|pcion(?:es)?)|assin(?:e|ar|aturas?)|prenumer\w{1,6}"
    r"|prenumerata|tilaa|abbona(?:ti|menti|mento)|abone(?:lik|-ol)?|predplatne|elofizet\w{1,6}"
    r"|(?:ber)?langganan|abonamente?|aboneaza-te|pretplata|podpiska|peredplata|dang-ky|kaiin"
    r"|donate|donation|spenden|soutenir)(?:[/?#.]|$)"
)
"""Addresses where one subscribes, or gives money, whatever the language of the page."""
_PLEA = re.compile(
    r"(?i)readers like you|\bnon-?profit news\w*|\breader-(?:funded|supported)\b"
    r"|\bconsider (?:making |giving )?an? (?:\w+ )?(?:gift|donation|contribution)\b"
    r"|\byour (?:support|donation|contribution) (?:helps|makes|allows|enables"
    r"|lets|keeps|powers)\b|\bfor your support\b"
    r"|\bby (?:subscribing|becoming an? [\w ]{0,25}member)\b"
    r"|\bsupport(?:ing)? (?:our|us|independent|\w+-winning) (?:journalis|report|work|mission)"
)
_REGISTERING: Final = ("account", "abbon", "suscri", "prenumer", "subskr")
PLAYER = re.compile(
    r"(?i)\W*+(?:(?:listen to this (?:article|story)|artikel anhören)\W*+(?:$|\d|enjoy more audio)"
    r"|produced by [^.]{0,70}\b(?:ai|automated) (?:narration|voice))"
)
CANCELLING_MAX_WORDS: Final = 20
CONSENT_MAX_WORDS: Final = 90
_CONSENT = re.compile(
    r"(?:external|third[- ]party|embedded|placeholder) content|externe[rsn]? inhalt"
    r"|contenus? externe|platzhalterinhalt|consent to (?:load|show|view)"
    r"|contenido (?:es de una red )?extern|contenut\w estern"
    r"|(?:zustimmung|einwilligung)\b.{0,50}(?:anzu?zeigen|zu laden|abzuspielen)"
    r"|\b(?:ac+ept|accett|akzeptier|zustimm)\w*+.{0,30}\bcookies"
    r"|cookies?\b.{0,60}ac+ept"
    r"|\b(?:accett|aceit|akceptuj|zaakceptuj|accepteer|accepter|přijm|přijet|godkänn|godkend|godta"
    r"|hyväksy|принят|принима|принять|разреш|прийн|дозвол|elfogad)\w*+.{0,30}"
    r"\b(?:cookies?|kakor|evästee\w*+|куки|süti\w*+|informasjonskapsler)\b"
    r"|\bçerez\w*+.{0,30}\b(?:kabul|izin)|(?:クッキー|쿠키).{0,12}(?:許可|同意|허용|동의)"
    r"|(?:personal data|personenbezogene daten)\b.{0,60}(?:third|dritt)"
    r"|(?:accept|enable|allow)\b.{0,30}\bcookies\b.{0,30}\b(?:view|see|watch|load)",
    re.IGNORECASE,
)
_OF_CONSENT: Final = (
    *("conten", "inhalt", "consent", "zustimm", "einwilligung", "cookie", "kakor", "evästee"),
    *("куки", "süti", "informasjonskapsler", "çerez", "クッキー", "쿠키", "personal data"),
    "personenbezogene",
)
"""One of these is in every match of `_CONSENT`."""
_CANCEL = re.compile(
    r"\bcancel (?:at )?any ?time\b|\bjederzeit kündbar|sans engagement\b"
    r"|cancel\w{1,9} (?:en cualquier momento|quando quiser)|disdici quando vuoi"
    r"|(?:ingen|uden|uten) binding|ingen bindning|opzegbaar|zrezygnuj w|kdykoli zruš|zrušit kdykoli"
    r"|bármikor lemond|otkažite kad|peru milloin|istediğin\w{0,3} zaman iptal|отмен\w{1,8} в любой"
    r"|いつでも(?:解約|キャンセル)|随时取消|언제든지 해지",
    re.IGNORECASE,
)
_OF_CANCELLING: Final = (
    *("cancel", "kündbar", "engagement", "disdici", "bind", "opzegbaar", "zrezygn", "kdykoli"),
    *("otkažite", "bármikor", "milloin", "zaman", "отмен", "いつでも", "随时", "언제"),
)
"""One of these is in every match of `_CANCEL`."""


def is_call(block: Block) -> bool:
    """Whether a line only asks the reader to comment, or, with a link, to follow, join, load or
    subscribe to what is the publisher's, not what the text is about.
    """
    if block.size > BOX_MAX_WORDS or block.element.tag in HEADINGS or block.text[0] in '"“„«「『':
        return False
    says = block.text.lower().__contains__
    if block.link_chars > 0 and any(map(says, _OF_PLEAS)) and _PLEA.search(block.text):
        return any(map(_leads_to_give, block.element.iter("a")))
    if says(" tip") and _TIP.match(block.text):
        return True
    if not _OF_MACHINES.isdisjoint(block.words) and _MADE_BY_MACHINES.match(block.text):
        return True
    if block.size > CALL_MAX_WORDS:
        return False
    calls = any(map(says, _OF_CALLS)) and _CALL_TO_COMMENT.search(block.text)
    if calls or PLAYER.match(block.text):
        return True
    if block.link_chars == 0:
        return False
    if any(map(says, _OF_BROWSERS)) and any(
        _leads_to_browser(link) for link in block.element.iter("a")
    ):
        return True
    is_button = block.link_density > LINKED_MIN and SUPPORT.match(block.text)
    does_call = is_button or _CALL.match(block.text) or any(map(_calls, block.element.iter("a")))
    return bool(does_call) or _asks_to_follow(block)


def _leads_to_browser(link: HtmlElement) -> bool:
    return _IN_BROWSER(text_of(link).lower()) is not None


def _leads_to_give(link: HtmlElement) -> bool:
    return SUPPORT.fullmatch(text_of(link)) is not None or asks_at(link.get("href") or "")


def cancels(block: Block) -> bool:
    """Whether a line has a link for those who want no more letters."""
    links = block.element.iter("a") if block.link_chars > 0 and block.size <= BOX_MAX_WORDS else ()
    return any(_CANCELLING.match(text_of(link)) for link in links)


def _calls(link: HtmlElement) -> bool:
    """Whether a link within a line is a call by itself."""
    return begins_call(text_of(link))


def _asks_to_follow(block: Block) -> bool:
    """Whether a line with a link to a channel says to follow it."""
    if not any(is_to_follow(link.get("href") or "") for link in block.element.iter("a")):
        return False
    folded = block.text.lower()
    says = any(map(folded.__contains__, _FOLLOWING))
    says = says or MENTIONS["subscribe"].search(folded) is not None
    return says or _PARTING.match(block.text) is not None


def plea_around(page: PageFeatures, number: int) -> list[int]:
    """The box around a block that makes a plea for support of it: one that a heading begins, in it
    or right above it, and that speaks for the publisher.
    """
    blocks, text = page.blocks, page.blocks[number].text
    if not any(map(text.lower().__contains__, _OF_PLEAS)) or not _PLEA.search(text):
        return []
    box = sorted(together(blocks, number))
    above = blocks[max(0, box[0] - 1)]
    if above.element.tag in HEADINGS and above.path == blocks[number].path[:-1]:
        box.insert(0, box[0] - 1)
    is_headed = blocks[box[0]].element.tag in HEADINGS and number != box[0]
    said = " ".join(blocks[n].text for n in box)
    return box if is_headed and lexicon.speaks_for_publisher(said) else []


def is_tool_name(name: str | None, is_drawn: bool) -> bool:
    """Whether what a picture is named says what to do: where it is drawn, in a word."""
    text = name or ""
    is_tool = lexicon.is_label(text) or (is_drawn and lexicon.is_label(f"{text} {text}"))
    return is_tool or _CALL.match(text) is not None


def asks_at(address: str) -> bool:
    """Whether one subscribes or gives money at an address."""
    return _ASKS_AT.search(address) is not None


def makes_plea(text: str) -> bool:
    """Whether a text asks for support of its publisher."""
    return _PLEA.search(text) is not None


def begins_call(text: str) -> bool:
    """Whether a text begins as calls do, whatever comes then."""
    return _CALL.match(text) is not None or _PARTING.match(text) is not None


def names_networks(block: Block) -> bool:
    """Whether a line only names networks, each with a link, to share or follow there."""
    links = [text_of(link) for link in block.element.iter("a")] if block.link_chars else []
    rest = block.size - len(links)
    return len(links) > 1 and all(map(lexicon.is_network, links)) and rest <= POINTER_MAX_WORDS


def tells_of_letters(block: Block) -> bool:
    """Whether a line speaks of what a publisher sends by mail."""
    return _LETTERS.search(block.text) is not None


def asks_to_register(text: str) -> bool:
    """Whether a line says that reading on takes an account or a subscription."""
    folded = text.lower()
    asks = any(map(folded.__contains__, _REGISTERING)) or MENTIONS["subscribe"].search(folded)
    return bool(asks and tells_of_wall(text)) or lexicon.counts_free_articles(folded)


def tells_of_commission(block: Block) -> bool:
    """Whether a line says no more than that the publisher is paid for what is bought."""
    if block.size > COMMISSION_MAX_WORDS:
        return False
    folded = block.text.lower()
    return any(map(folded.__contains__, _OF_COMMISSIONS)) and bool(_COMMISSION.search(folded))


def asks_consent(block: Block) -> bool:
    """Whether a line stands in for what the page shows only when the reader agrees."""
    if block.size > CONSENT_MAX_WORDS:
        return False
    may = any(map(block.text.lower().__contains__, _OF_CONSENT))
    return may and _CONSENT.search(block.text) is not None


def alone_tells_of_cancelling(blocks: Sequence[Block], number: int) -> bool:
    """Whether of a page's lines this one alone says how to be rid of what is offered."""
    return _tells_of_cancelling(blocks[number]) and sum(map(_tells_of_cancelling, blocks)) == 1


def _tells_of_cancelling(block: Block) -> bool:
    if block.size > CANCELLING_MAX_WORDS:
        return False
    folded = block.text.lower()
    return any(map(folded.__contains__, _OF_CANCELLING)) and bool(_CANCEL.search(folded))
