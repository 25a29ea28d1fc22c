"""Words by which pages name their furniture, in class names and in what they say.

Names of classes are written by developers, mostly in English whatever the page's language. What
furniture says is matched at the start of a block, in the languages that feeds are most often in.
"""

from __future__ import annotations

import re
from typing import Final

CLASS_WORDS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "share": r"shar(?:e|ing)|social|addthis|addtoany|\bfollow|sns|facebook|whatsapp|twitter-(?:share|follow)",
        "related": r"relat(?:ed|ion)|recommend|recirc|more-|-more|readmore|read-next|next-?up|also|trending|popular"
        r"|latest|most-|outbrain|taboola|teaser|promo|suggest|similar|carousel|slider|\bnext|\bprev|headlines"
        r"|river|zergnet|nrelate|cross-?link|card",
        "comment": r"comment|disqus|respond|replies|livefyre|spot-im",
        "byline": r"byline|author|\bbio\b|-bio|profile|contributor|vcard|writer|reporter",
        "dates": r"\bdate|-date|time|\bmeta\b|-meta|meta-|posted|publish|pubdate|dateline|breadcrumb|categor"
        r"|\btags?\b|-tags?\b|tag-|taglist|topics?|keyword|label|source|views|rating|stats|info\b",
        "caption": r"caption|credit|copyright|gallery|slide|video|player|photo|image|\bimg|thumb|media\b|media-|figure|attachment",
        "subscribe": r"newsletter|subscri|sign-?up|opt-?in|login|paywall|regist|donat|\bcta\b|-cta|call-to-action|signin|offer",
        "ads": r"\bads?\b|-ads?\b|\bad-|advert|sponsor|banner|partner|affiliate|dfp|\bdis(?:claim|closure)",
        "chrome": r"nav\b|navi|menu|foot(?:er)?\b|footer|sidebar|\bside\b|widget|toolbar|cookie|consent|popup|modal|overlay"
        r"|search|legal|masthead|topbar|sticky|noprint|no-print|print-only|skip|hidden|sr-only|screen-reader|visually|robots-nocontent"
        r"|header|\btop\b|\bbottom\b|rail\b",
        "toc": r"\btoc\b|table-of-contents|ez-toc|jump",
        "headline": r"headline|\btitle\b|-title|sub-?head|subtitle|deck|\bdek\b|standfirst|kicker|summary|excerpt|abstract|\blede?\b|teaser|intro",
        "body": r"article|content|entry|story|\bbody|-body|post\b|post-|text|main|copy|prose|markdown|paragraph",
    }.items()
}
"""Groups of words in class and id attributes."""

SAYS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "pointer": r"\W*(?:related|read (?:more|next|also|the full|our|this)|see (?:also|more)|also (?:read|see|on)|more (?:on|from|stories|about|in)"
        r"|you (?:may|might) (?:also )?like|recommended|trending|most (?:read|popular|viewed)|don'?t miss|must[- ]read|watch|up next|next up"
        r"|popular|latest|previous|next|continue reading|click (?:here|for)|click to|learn more|find out more|further reading|editor'?s (?:pick|choice)|in other news"
        r"|siehe auch|lesen sie|mehr (?:zum|zu|aus)|lire aussi|à lire|voir aussi|leia (?:também|mais)|veja (?:também|mais)|confira"
        r"|lea también|leer más|te puede interesar|читайте|смотрите|по теме|leggi anche|lees ook|関連|続き|相关|관련)",
        "share": r"\W*(?:share|tweet|pin\b|pin it|email|print\b|facebook|twitter|whatsapp|linkedin|reddit|telegram|flipboard|pinterest|follow|like us|join us"
        r"|sharing is caring|teilen|partager|compart|поделиться|condividi|共有|공유|spread the|like this)",
        "subscribe": r".{0,60}\b(?:subscri\w+|sign(?:ing)? ?up|newsletter|log ?in|sign in|register|inbox|become a member|support (?:us|our)|donate|patreon|free trial|get the (?:app|latest)"
        r"|download (?:the|our)|abonn\w+|anmelden|inscri\w+|assine|cadastre|подпис\w+|iscrivi\w+)",
        "credit": r"\W*(?:image|photo|picture|photograph|video|source|credit|photo by|via|courtesy|getty|reuters|ap photo|afp|©|\(c\)|copyright|foto|fonte|quelle|crédit|file photo"
        r"|screenshot|fig(?:ure)?\.? ?\d)",
        "rights": r".{0,200}(?:©|\(c\) ?\d|copyright|all rights reserved|alle rechte|todos os direitos|tous droits|무단|無断|may not be (?:published|reproduced)|terms of (?:use|service)|privacy policy|cookie)",
        "byline": r"\W*(?:by|written by|posted (?:by|on|in)|published|updated|last (?:updated|modified)|first published|author|von|par|por|автор|publicado|veröffentlicht|(?:edited|reported|reporting|writing|editing|compiled) by|story by"
        r"|reporting by)\b",
        "tags": r"\W*(?:tags?|tagged|filed (?:under|in)|topics?|categor(?:y|ies)|keywords|labels|in this (?:article|story)|schlagw|étiquettes|etiquetas|метки|теги)\b",
        "comments": r"\W*(?:\d* ?(?:comments?|replies|responses|views|shares|likes)\b|leave a (?:comment|reply)|post a comment|add a comment|join the (?:conversation|discussion)|view comments|show comments|loading comments|kommentare|commentaires|comentários|комментари)",
        "advert": r"\W*(?:advertisement|ad\b|ads\b|sponsored|promoted|story continues|article continues|continue reading below|anzeige|publicité|publicidade|реклама|scroll to|skip)",
        "back": r"\W*(?:back to|return to|top$|home$|menu$|search$|close$|go to|«|»|←|→|zurück|retour|voltar)",
        "contact": r".{0,120}(?:[\w.]+@\w+\.\w+|follow (?:him|her|me|us|them|@)|on twitter|contact (?:us|the|him|her)|write to (?:him|her|us)|can be (?:reached|contacted|found))",
        "about": r"\W*(?:about (?:the )?(?:author|writer|us)|.{3,60} (?:is|was) (?:a|an|the) (?:\w+[ -]){0,6}(?:writer|reporter|journalist|editor|correspondent|columnist|author|contributor|blogger|producer|photographer)\b)",
        "dated": r".{0,40}(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}|\d{1,2}:\d\d ?(?:[ap]\.?m|[a-z]{2,4}t\b)|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|\b(?:hours?|minutes?|days?) ago|min(?:ute)? read)",
        "bracketed": r"[\[(].*[\])]\W*$",
    }.items()
}
"""Groups of what furniture begins with."""
