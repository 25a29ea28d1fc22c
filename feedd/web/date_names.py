"""The names of months, week days and zones in the languages that feeds are written in."""

from __future__ import annotations

from typing import Final

MONTHS: Final = {
    name: number
    for number, name in enumerate(str.split("jan feb mar apr may jun jul aug sep oct nov dec"), 1)
}
ZONES_H: Final = {
    "": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "brt": -3,
    "bst": 1, "west": 1, "met": 1, "mez": 1, "cet": 1, "mest": 2, "mesz": 2, "cest": 2, "sast": 2,
    "eet": 2, "eest": 3, "msk": 3, "pkt": 5, "wib": 7, "hkt": 8, "sgt": 8, "awst": 8,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "ist": 5.5, "acst": 9.5,
    "acdt": 10.5, "nst": -3.5, "ndt": -2.5, "brst": -2, "clt": -4, "cot": -5, "pet": -5, "art": -3,
    "trt": 3, "gst": 4, "ict": 7, "pht": 8, "myt": 8, "npt": 5.75,
}  # fmt: skip
"""RFC 5322 section 4.3, and the unambiguous ones among those met in feeds. Hours."""

_MONTH_STEMS: Final = tuple(
    tuple(stems.split())
    for stems in (
        "jan ene gen янв січ sty led tammi oca ian saus sij ιαν ιανο ينا",
        "feb fev fevr febr фев лют lut uno helmi sub vas velj veeb φεβ فبر",
        "mar maer maa mrt mars март бер bre marz kov ozuj μαρ مار",
        "apr avr abr апр квіт kwi dub huhti nis bal travn απρ ابر",
        "may mai mag maj mei май мая трав kve touko geg svib μαϊ μαι ماي",
        "jun juin giu июн черв cze cerv kesa haz iun birz lipn lipan ιουν يون",
        "jul juil lug июл лип lip cervenec heina tem iul liep srpnj ιουλ يول",
        "aug aou ago agu авг серп sie srp elo rugp kolov ogos αυγ اغس",
        "sep set sett сен вер wrz zar syys eyl rugs ruj szep σεπ سبت",
        "oct okt ott out окт жовт paz rij loka eki spal οκτ اكت",
        "nov ноя лист lis marras kas noi lapk stude νοε نوف",
        "dec dez dic des дек груд gru pros joulu ara gruo dis δεκ ديس",
    )
)
"""What the names of months begin with, without accents: in the languages of Europe, in Arabic."""

WEEKDAYS: Final = frozenset(
    str.split(
        "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat"
        " saturday sun sunday mo di mi do fr sa so mont montag dien dienstag mittwoch donn"
        " donnerstag freitag samstag sonnabend sonntag lun lundi lunes lunedi mardi martes"
        " martedi mie mier miercoles mer mercredi mercoledi jeu jeudi jue jueves gio giovedi ven"
        " vendredi vie viernes venerdi sam samedi sab sabado sabato dim dimanche dom domingo"
        " domenica seg segunda terca ter quarta qua quinta qui sexta sex feira ma wo vr za zo"
        " maandag dinsdag woensdag donderdag vrijdag zaterdag zondag man mandag tir tirsdag ons"
        " onsdag tor tors torsdag fre fredag lor lordag lau son sondag tis tisdag пн вт ср чт пт"
        " сб вс понедельник вторник среда четверг пятница суббота воскресенье нд pon pn wt sr"
        " sro czw cz pt sob nd ndz niedz niedziela poniedzialek wtorek sroda czwartek piatek"
        " sobota po ut st ct pa ne pondeli utery streda ctvrtek patek nedele maanantai tiistai"
        " keskiviikko torstai perjantai lauantai sunnuntai ke to pe la su ti pzt sal car per cum"
        " cmt paz κυρ κυριακη δευ δευτερα τρι τριτη τετ τεταρτη πεμ πεμπτη παρ παρασκευη σαβ"
        " σαββατο pazartesi salı carsamba persembe cuma cumartesi pazar hetfo kedd szerda csutortok"
        " pentek szombat vasarnap luni marti miercuri joi vineri sambata duminica понеділок"
        " вівторок середа четвер пятниця субота неділя senin selasa rabu kamis jumat sabtu minggu"
        " الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعة السبت"
    )
)
FILLERS: Final = frozenset(
    str.split(
        "a al am at d de del den der di do e el et h hrs il in kl klo le m n nd o of on r rd st t"
        " th the uhr um ur z г"
    )
)


def month_named(word: str) -> int | None:
    """The month of this name, in any of the languages; the longest stem decides."""
    best = (0, 0)
    for number, stems in enumerate(_MONTH_STEMS, 1):
        for stem in stems:
            if word.startswith(stem) and len(stem) > best[0]:
                best = (len(stem), number)
    return best[1] or None
