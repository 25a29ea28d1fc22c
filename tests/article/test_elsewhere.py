"""What pages of other countries say around a text goes from it, and what looks like that stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article

TITLE: Final = "山上的铸钟厂熄火了"
PROSE: Final = (
    "山上的铸钟厂上周熄了火，最后一口钟重四百二十斤，送到山那边的小学去了，三个师傅收拾好工具，各自下山回家。",
    "两百一十年里炉子从来没有冷过，因为冷过的炉子到了冬天会裂，裂了的炉子再也铸不出一口声音干净的钟来。",
    "镇上花一块钱买下了厂房，打算把它改成图书馆，书架就放在从前放模子的地方，窗子要开得比从前大一倍。",
    "听说消息以后，山下的孩子们每人捐了一本书，最厚的一本讲的是怎样铸钟，最薄的一本只有一页，画着一只猫。",
)


def read(head: str = "", above: str = "", below: str = "", *, around: str = "{}") -> Article:
    text = around.format("".join(f"<p>{paragraph}</p>" for paragraph in PROSE) + below)
    page = (
        f"<html lang=zh><head><title>{TITLE}</title>{head}</head><body><article><h1>{TITLE}</h1>"
        f"{above}{text}</article></body></html>"
    )
    article = clean_page(PageInput(page.encode(), "https://bells.example/a/1", "text/html"))
    assert all(paragraph in article.text for paragraph in PROSE)
    return article


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        ("本文系钟报独家稿件，未经授权，不得转载。", "未经师傅点头，谁也不得碰那口钟。"),
        ("該文觀點僅代表作者本人，與本刊無關。", "这口钟代表作者一家三代的手艺。"),
        ("무단 전재 및 재배포 금지", "종은 무단으로 울리지 않았다."),
        (
            "Использование материалов сайта разрешено только со ссылкой на «Колокол».",
            "Использование колоколов в городе запрещено с 1931 года.",
        ),
        (
            "Preluarea textelor este permisă doar cu acordul redacției.",
            "Preluarea turnătoriei de către primărie a primit acordul consiliului.",
        ),
        ("İzinsiz kullanılamaz, tüm hakları saklıdır.", "İzinsiz gösteriye otuz çancı katıldı."),
        ("编辑：温静", "编辑部的人都听过那口钟：声音很低。"),
        ("来源：山城日报", "来源不明的锡，师傅从来不用。"),
        ("Editor : A.C.", "Redaktorul a ascultat clopotul: era jos."),
    ],
)
def test_a_notice_at_the_end_goes_and_a_last_sentence_that_sounds_like_one_stays(
    goes: str, stays: str
) -> None:
    assert goes not in read(below=f"<p>{goes}</p>").text
    assert stays in read(below=f"<p>{stays}</p>").text


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (
            "Хочешь получать главные новости на свой телефон? Подпишись на наш канал!",
            "Хочешь получать хлеб каждый день, вставай с первым колоколом.",
        ),
        (
            "Urmărește știrile noastre și pe Google News",
            "Urmărește apa și ajungi la turnătorie, spun bătrânii.",
        ),
        ("Iratkozzon fel hírlevelünkre!", "Iratkozás nélkül is harangozhat bárki."),
        ("更多精彩内容，就在钟报客户端", "更多人愿意走上山来，只为听一次钟声。"),
        ("觉得不错就点个赞再走吧", "觉得冷的人都围到了炉子旁边。"),
        (
            "Participe do canal do jornal no WhatsApp",
            "Participe quem quiser: o sino toca às seis.",
        ),
    ],
)
def test_a_call_at_the_end_goes_and_a_last_sentence_that_begins_like_one_stays(
    goes: str, stays: str
) -> None:
    assert goes not in read(below=f"<p>{goes}</p>").text
    assert stays in read(below=f"<p>{stays}</p>").text


@pytest.mark.parametrize("line", ["文 | 蒋若水", "编辑｜阿至", "钟报记者 | 费小白"])
def test_who_made_a_text_is_no_part_of_it_above_its_first_paragraph(line: str) -> None:
    assert line not in read(around=f"<div><p>{line}</p>{{}}</div>").text


@pytest.mark.parametrize(
    ("above", "first", "author"),
    [
        ("<div class=author>本报记者 江永川</div>", "", "江永川"),
        ("<div><div>钟报新闻记者 蒋若水</div></div>", "", "蒋若水"),
        ("<ul><li><span>作者, </span><span>程雪竹</span></li></ul>", "", "程雪竹"),
        ("<ul><li><span>نویسنده, </span><span>لیلا مهرپرور</span></li></ul>", "", "لیلا مهرپرور"),
        ("", "<p>〔記者蘇一葉／花蓮報導〕老廠熄火，山下的人都來了，站滿了整條路。</p>", "蘇一葉"),
        ("", "<p>【文/钟报 马骁】</p>", "马骁"),
        (
            "",
            "<p>本报山城5月12日电（记者 庄重 郝小满）钟声停了，人还没有散去。</p>",
            "庄重, 郝小满",
        ),
        ("", "<p>老廠熄火那天，山下站滿了人。（記者蘇一葉攝）</p>", None),
        ("", "<p>两位记者（一男一女）上山听了最后一次钟，谁也没有写稿。</p>", None),
    ],
)
def test_who_reported_is_read_from_a_dateline_and_from_lines_of_offices(
    above: str, first: str, author: str | None
) -> None:
    assert read(above=above, around=first + "{}").byline == author


def test_what_stands_below_the_text_in_a_column_set_as_a_list_item_goes() -> None:
    column = (
        "<ul class=columns><li class=left>{}<div class=tools><p>扫一扫，分享到微信</p></div>"
        "<div class=app><p>钟报应用，更好阅读体验</p></div></li><li class=right>热闻</li></ul>"
    )
    text = read(around=column).text
    assert "扫一扫" not in text
    assert "更好阅读体验" not in text


def test_a_list_of_which_one_long_item_convinces_is_whole() -> None:
    steps = (
        "<ol><li>先把炉子烧三天三夜，直到锡和铜都化成一样的颜色，不能再急。</li><li>听</li></ol>"
    )
    assert "听\n" in read(below=f"{steps}<p>最后一步，谁也不能说话，直到第一声过去。</p>").text


def test_a_heading_stays_whatever_the_box_of_the_whole_text_is_called() -> None:
    inner = "<p>{}</p><p>{}</p>".format(*PROSE[:2])
    heading = "<section data-role=title><section><strong>冷过的炉子</strong></section></section>"
    around = f"<div id=img-content class=media_meta>{inner}{heading}{{}}</div>"
    page = f"<h1>{TITLE}</h1>{around.format(''.join(f'<p>{p}</p>' for p in PROSE[2:]))}"
    article = clean_page(PageInput(page.encode(), "https://bells.example/a/1", "text/html"))
    assert "冷过的炉子\n" in article.text


def test_the_one_line_in_a_box_with_the_headline_is_a_deck_unless_it_says_who_and_when() -> None:
    deck = "Una cooperativa de 41 vecinos compra la última fundición de campanas de la sierra"
    page = (
        "<main><header class=x1><div><a href=/s>Sierra</a></div><h1>{}</h1><h2>{}</h2></header>{}"
    )
    prose = "".join(
        f"<p>El horno {n} ardió doscientos años seguidos, y nadie del pueblo recuerda una noche"
        " en la que no se oyera respirar al fuelle detrás de la iglesia.</p>"
        for n in ("viejo", "nuevo", "grande", "pequeño")
    )

    def text_below(line: str) -> str:
        markup = page.format("La fundición que no se apaga", line, prose).encode()
        return clean_page(PageInput(markup, "https://bells.example/a/1", "text/html")).text

    assert deck in text_below(deck)
    assert "Nuria" not in text_below("Por Nuria Ferrándiz, Orea, publicado el 12 de mayo de 2026")


@pytest.mark.parametrize(
    ("script", "day"),
    [
        ('var ct = "1778552522";var n="钟"', "2026-05-12"),
        ('{"article":{"publishTime":"2026-05-12 10:22:11","id":7}}', "2026-05-12"),
        ('{"a":{"pubTime":"2026-05-12 10:22"},"b":{"pubTime":"2026-05-14 08:00"}}', None),
        ('{"timeout":"1778552522"}', None),
    ],
)
def test_a_day_that_the_scripts_alone_tell_is_found_unless_they_tell_several(
    script: str, day: str | None
) -> None:
    at = read(head=f"<script>{script}</script>").published
    assert (None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")) == day


def test_a_day_is_read_with_the_comma_of_its_script() -> None:
    at = read(above="<div class=date>12 مئی ، 2026</div>").published
    assert at == datetime(2026, 5, 12, tzinfo=UTC).timestamp()


def test_a_label_above_a_link_goes_with_it_in_other_languages() -> None:
    label = "<div><p>{}</p><a href=/b>Otra noticia del valle</a></div>"
    prose = "".join(f"<p>{p}</p>" for p in PROSE)
    text = read(around="{}" + label.format("Más información") + prose.replace("。", "！")).text
    assert "información" not in text
    assert "Otra noticia" not in text
