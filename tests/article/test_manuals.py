"""Pages of documentation as software writes them: what of them a reader would miss or not want."""

from __future__ import annotations

import pytest

from tests.article.test_kinds import DAYS, PROSE, paragraphs, read

MANUAL = '<meta name="generator" content="Sphinx 8">'


@pytest.mark.parametrize(
    "tool",
    [
        "<a href=#cross>¶</a>",
        "<a class=permalink href=#cross><span>\u25c6\u00a0</span></a>",
        "<a href=#cross>\u200b</a>",
        "<a href=_modules/x.html><span class=viewcode-link><b>[source]</b></span></a>",
    ],
    ids=["pilcrow", "diamond", "of no width", "source"],
)
@pytest.mark.parametrize("tag", ["p", "dt", "h2"])
def test_links_of_a_line_to_itself_and_to_its_source_are_no_words_of_it(
    tag: str, tool: str
) -> None:
    line = f"<{tag}>cross(river, {{}})</{tag}>"
    said = "".join(line.format(day).replace(")<", f"){tool}<") + paragraphs(day) for day in DAYS)
    html = read(f"<article>{said}</article>", head=MANUAL).html
    assert all(f">cross(river, {day})<" in html for day in DAYS)


def test_links_that_say_a_word_or_a_number_stay() -> None:
    said = '<p>It is channel <a href="#bridge">#bridge</a>, by § <a href="#3">3</a> of the act.</p>'
    assert (
        "channel #bridge, by § 3 of" in read(f"<article>{paragraphs(*DAYS)}{said}</article>").text
    )


@pytest.mark.parametrize(("made_by", "is_there"), [("Sphinx 8", True), ("Blog 8", False)])
def test_what_a_server_responds_is_part_of_its_manual(made_by: str, is_there: bool) -> None:
    said = f"<pre>{{ bridge: 4 }}</pre>{paragraphs('Friday')}"
    below = f"<section class=r><h3>Responses</h3><div>{said}</div></section>"
    head = f'<meta name="generator" content="{made_by}">'
    text = read(f"<section>{paragraphs(*DAYS[:4])}</section>{below}", head=head).text
    assert ("Friday" in text and "bridge: 4" in text) is is_there
    assert "Thursday" in text


def test_a_button_that_is_the_head_of_what_it_unfolds_names_it() -> None:
    head = "<button aria-expanded=true><span>GET</span><div>/bridges of a river</div></button>"
    menu = "<button aria-expanded=false><div>More</div></button>"
    chapters = "".join(f"<div>{menu}{head}<div>{paragraphs(day)}</div></div>" for day in DAYS)
    text = read(f"<article>{chapters}</article>", head=MANUAL).text
    assert text.count("/bridges of a river") == 5
    assert "More" not in text


@pytest.mark.parametrize(
    "laid",
    [
        "<div class='modal fade'>{}</div>",
        "<div class='remarks hide'>{}</div>",
        "<details class=go-Tooltip><summary>Valid file</summary>{}</details>",
        "<site-tooltip>{}</site-tooltip>",
    ],
    ids=["modal", "hide", "tip", "an element of its own"],
)
def test_what_a_script_lays_over_a_manual_is_none_of_it(laid: str) -> None:
    said = laid.format("<p>Thank you for helping us to make the bridge a better one.</p>")
    text = read(
        f"<main>{paragraphs(*DAYS[:4])}{said}{paragraphs('Friday')}</main>", head=MANUAL
    ).text
    assert "Thank you" not in text
    assert all(day in text for day in DAYS)


def test_what_unfolds_in_a_manual_stays() -> None:
    said = f"<a aria-expanded=false>Who paid</a><div class=hide>{paragraphs('Friday')}</div>"
    text = read(f"<main>{paragraphs(*DAYS[:4])}{said}</main>", head=MANUAL).text
    assert "Friday" in text


def test_a_numbered_headline_stands_above_its_chapter_already() -> None:
    text = read(
        f"<main><h2>3.2 Rules of Passage</h2>{paragraphs(*DAYS)}</main>", title="Rules of passage"
    ).text
    assert "Rules" not in text
    text = read(
        f"<main><h2>3.3 Rules of Mooring</h2>{paragraphs(*DAYS)}</main>", title="Rules of passage"
    ).text
    assert "3.3 Rules of Mooring" in text


@pytest.mark.parametrize(
    ("last", "is_there"),
    [
        ("Except as otherwise noted, the content of this page is under a free License.", False),
        ("Sofern nicht anders angegeben, stehen die Inhalte unter der Lizenz CC BY 4.0.", False),
        ("Sauf indication contraire, le contenu de cette page est sous licence libre.", False),
        ("Если не указано иное, содержимое доступно по лицензии Creative Commons.", False),
        ("Except as otherwise noted, all spans were measured on the northern side.", True),
    ],
)
def test_under_which_terms_a_page_stands_is_none_of_its_text(last: str, is_there: bool) -> None:
    text = read(f"<article>{paragraphs(*DAYS)}<p>{last}</p></article>").text
    assert (last in text) is is_there


def test_the_headings_of_a_box_of_links_go_with_the_links() -> None:
    links = "<ul class=seealso><li><a href=#a>Set{0}</a><li><a href=/b>Known {0}</a></ul>"
    box = "".join(f"<h3>{name}</h3>{links.format(name)}" for name in ("Commands", "Errors"))
    chapters = "".join(f"<h3>{day}</h3>{paragraphs(day)}" for day in DAYS)
    body = f"<main><p>{PROSE.format('Sunday')}</p><div id=sidebar>{box}</div>{chapters}</main>"
    text = read(body, head=MANUAL).text
    assert "Commands" not in text
    assert all(f"{day}\n" in text for day in DAYS)


def test_the_names_of_tabs_are_none_of_a_manuals_text() -> None:
    tabs = "<ul role=tablist><li role=tab>Winch</li><li role=tab>Crane</li></ul>"
    body = f"<main>{paragraphs(*DAYS[:3])}{tabs}<pre>lift(span)</pre>{paragraphs('Friday')}</main>"
    text = read(body, head=MANUAL).text
    assert "lift(span)" in text
    assert "Winch" not in text


def test_of_a_list_of_members_each_name_stands_above_what_is_said_of_it() -> None:
    row = "<div><p><a href=#{0}>{0}(river)</a></p><div><p>It ends on {0}.</p></div></div>"
    rows = "".join(row.format(day) for day in DAYS)
    chapters = "".join(f"<h2>On {day}</h2>{paragraphs(day)}" for day in DAYS)
    text = read(f"<main><h1>Members</h1>{rows}{chapters}</main>", head=MANUAL).text
    assert all(f"{day}(river)" in text for day in DAYS)


def test_a_member_may_bear_the_name_of_what_leads_away() -> None:
    member = (
        "<section class=detail id='{0}(river)'><h3>{0}</h3><div class=signature><b>Bridge</b> {0}"
        "(<a href=/r>River</a> river)</div><div>Takes what comes. It may wait.</div></section>"
    )
    rows = "".join(member.format(name) for name in ("next", "share", "related", "comment"))
    text = read(f"<main>{paragraphs(*DAYS[:2])}<h2>Methods</h2>{rows}</main>", head=MANUAL).text
    assert all(f"Bridge {name}(River river)" in text for name in ("next", "share", "related"))


def test_a_manual_ends_where_its_own_box_ends() -> None:
    note = "<div class=custom-block><p>注意</p><p>不要在这里写文件，否则重新构建。</p></div>"
    foot = "<footer><p>© The bridge builders. Built with love.</p></footer>"
    text = read(
        f"<div><div class=theme-default-content>{paragraphs(*DAYS)}{note}</div>{foot}</div>"
    ).text
    assert "不要在这里写文件" in text
    assert "Built with" not in text


@pytest.mark.parametrize(
    "tool",
    [
        "<table class=navbox><tr><th>Bridges<td><a href=/a>Arched ones</a> <a href=/b>Hung ones"
        "</a></table>",
        "<div class=catlinks><a href=/c>Kinds</a>: <ul><li><a href=/b>Arched ones</a></ul></div>",
        "<div class=labels><label for=t1>Arched ones</label><label for=t2>Others</label></div>",
    ],
    ids=["box", "categories", "tabs"],
)
def test_what_leads_from_page_to_page_of_a_manual_is_none_of_it(tool: str) -> None:
    text = read(f"<main>{paragraphs(*DAYS)}{tool}</main>", head=MANUAL).text
    assert "Arched" not in text
    assert all(day in text for day in DAYS)


def test_a_headings_link_to_the_top_is_no_word_of_it() -> None:
    heads = "".join(
        f"<h2>BRIDGES <a href=#top_of_page><b>top</b></a></h2>{paragraphs(day)}" for day in DAYS
    )
    assert "top" not in read(heads, head=MANUAL).text
    heads = "".join(f"<h2>The <b>top</b> of {day}</h2>{paragraphs(day)}" for day in DAYS)
    assert "The top of Monday" in read(heads, head=MANUAL).text


def test_what_wrote_a_manual_is_none_of_it_at_its_end() -> None:
    foot = (
        "<div>Generated on Tue May 6 10:02:11 2025 by <a href=/y>yard</a> 0.9.37 (ruby-3.3).</div>"
    )
    text = read(f"<div>{paragraphs(*DAYS)}{foot}</div>").text
    assert "yard" not in text
    said = "<p>The drawings are generated by Sphinx, which nobody had expected of it.</p>"
    assert "generated by Sphinx" in read(f"<div>{paragraphs(*DAYS)}{said}</div>").text


def test_lines_of_a_cell_and_of_a_heading_stay_apart() -> None:
    cell = "<div>river</div><div>string</div><div></div><div>(query)</div>end"
    row = f"<tr><td>{cell}<td><p>Which river it is.</p>"
    table = f"<table><tr><th>Name<th>Description{row * 2}</table>"
    head = "<h3><a href=#b><span>bridges</span></a><small><div>What spans</div></small></h3>"
    text = read(f"<main>{paragraphs(*DAYS[:3])}{head}{table}{paragraphs('Friday')}</main>").text
    assert "river string (query) end" in " ".join(text.split())
    assert "bridges What spans" in " ".join(text.split())


def test_a_heading_stays_when_the_box_around_it_holds_but_its_tools() -> None:
    tool = "<copy-tip>Copy link</copy-tip><span>Copy link</span><b>Link copied to clipboard!</b>"
    heads = "".join(
        f"<section><div class=head><h2>{day}</h2>{tool}</div>{paragraphs(day)}</section>"
        for day in DAYS
    )
    text = read(f"<main>{heads}</main>", head=MANUAL).text
    assert all(f"{day}\n" in text for day in DAYS)
    assert "clipboard" not in text


def test_what_a_headings_link_to_itself_says_aloud_is_no_word_of_it() -> None:
    said = '<a href="#day"><span class=mute>{} {}</span></a>'
    for words in ("Link to", "Section titled", "Permalink for"):
        heads = "".join(
            f"<h2>{day} {said.format(words, day)}</h2>{paragraphs(day)}" for day in DAYS
        )
        assert words not in read(heads, head=MANUAL).text
    heads = "".join(f"<h2><a href=#x>Link to {day}</a></h2>{paragraphs(day)}" for day in DAYS)
    assert "Link to Monday" in read(heads, head=MANUAL).text
    heads = "".join(f"<h2>A <a href=/x>Link to {day}</a></h2>{paragraphs(day)}" for day in DAYS)
    assert "A Link to Monday" in read(heads, head=MANUAL).text


def test_what_a_tool_is_for_stands_below_the_heading_name_of_its_manual() -> None:
    line = "<p>Text::Plait - braid columns of text</p>"
    head = f"{MANUAL}<title>Text::Plait - braid columns of text - meta.example</title>"
    text = read(f"<div><h1>NAME</h1>{line}<h1>USE</h1>{paragraphs(*DAYS)}</div>", head=head).text
    assert "braid columns" in text
    text = read(f"<div>{line}<h1>USE</h1>{paragraphs(*DAYS)}</div>", head=head).text
    assert "braid columns" not in text


def test_what_a_register_tells_of_a_package_beside_its_text_goes_and_chapters_stay() -> None:
    names = ("Repository", "Weekly Downloads", "License", "Unpacked Size", "Version")
    values = "".join(f"<h3>{name}</h3><p>{n}.{n}.0</p>" for n, name in enumerate(names, 1))
    said = "Sluice opens and closes the gates of a harbour by the tide, whatever the hour is."
    lead = f"<h1>sluice</h1>{f'<p>{said}</p>' * 3}<h2>License</h2><p>All of it is free.</p>"

    beside = read(f"<div class=readme>{lead}</div><div class=fd>{values}</div>").text
    assert "All of it is free." in beside
    assert "Unpacked Size" not in beside
    assert "Unpacked Size" in read(f"<div class=readme>{lead}{values}</div>").text


def test_a_list_of_a_manuals_chapters_amid_its_text_is_no_box_on_a_package() -> None:
    names = "".join(f"<li>{name}" for name in ("Installation", "Dependencies", "Size", "License"))
    page = f"<div><h1>sluice</h1>{paragraphs(*DAYS)}<p>Its chapters are these:</p><ul>{names}</ul>"
    assert "Dependencies" in read(f"{page}{paragraphs(*DAYS)}</div>").text
