"""Which pictures of a page are the article's."""

from __future__ import annotations

import pytest

from tests.article.test_difficulties import PROSE, TITLE, ps, read, story

SHARED = "<ul class=share><li><a href=/f>Share</a><li><a href=/w>Send</a><li>Print</ul>"
LARGE = "width=1200 height=800"


@pytest.mark.parametrize(
    "above",
    [
        f"<h1>{TITLE}</h1><figure><img data-src=/c.jpg><figcaption>The hall</figcaption></figure>"
        f"<p class=meta>The desk, Monday 4 May</p>{SHARED}",
        f"<h1>{TITLE}</h1><div class=hero><img src=/c.jpg {LARGE}></div>{SHARED}",
        f"<div class=story-photo><img src=/c.jpg {LARGE}><div class=cutline>The hall</div><div"
        f" class=photocredit>N. Holt</div></div><h1>{TITLE}</h1>",
        f"<div class=opener><img src=/c.jpg {LARGE}><h1>{TITLE}</h1></div>",
        f"<div class=media><a href=/c-large.jpg><img src=/c.jpg></a></div><h1>{TITLE}</h1>",
        f"<div class=big><img src=/c.jpg srcset='/c.jpg 800w, /d.jpg 400w'></div><h1>{TITLE}</h1>",
        f"<h1>{TITLE}</h1><div class=field--label-hidden><img src=/c.jpg {LARGE}></div>{SHARED}",
        f"<div class=image-carousel><ul><li><img src=/c.jpg {LARGE}></ul></div><h1>{TITLE}</h1>",
    ],
    ids=[
        *("above a share bar", "without caption", "above the headline", "in its box"),
        *("of a shop", "as wide as a screen", "in a field", "in a carousel"),
    ],
)
def test_the_picture_at_the_headline_is_shown_wherever_it_stands_there(above: str) -> None:
    assert 'src="https://courier.example/c.jpg"' in read(f"<article>{above}{ps()}</article>").html


@pytest.mark.parametrize(
    "above",
    [
        f"<div class=author-box><img src=/c.jpg {LARGE}></div><h1>{TITLE}</h1>",
        f"<h1>{TITLE}</h1><a href=https://ads.example/x><img src=/c.jpg {LARGE}></a>{SHARED}",
        f"<h1>{TITLE}</h1><div><img src=/c.jpg width=90 height=60></div>{SHARED}",
        f"<div class=big><img src=/c.jpg srcset='/c.jpg 96w, /d.jpg 192w'></div><h1>{TITLE}</h1>",
        f"<h1>{TITLE}</h1><div class=related><a href=/1><img src=/c.jpg {LARGE}></a></div>{SHARED}",
        f"<h1>{TITLE}</h1><div class=image><img src=/c.svg></div>{SHARED}",
        f"<h1>{TITLE}</h1><div class=hidden><img src=/c.jpg {LARGE}></div>{SHARED}",
    ],
    ids=["portrait", "banner", "thumbnail", "narrow", "teaser", "drawn", "hidden"],
)
def test_what_else_is_shown_at_the_headline_is_no_picture_of_the_article(above: str) -> None:
    assert "<img" not in read(f"<article>{above}{ps()}</article>").html


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (
            "<p><a href=/subscribe><img src=/p.jpg width=970 height=250 alt='Subscribe'></a></p>",
            "<p><a href=/bells><img src=/p.jpg width=975 height=250 alt='Bells'></a></p>",
        ),
        (
            "<div style='display:none'><img class=x-hidden-image src=/p.jpg></div>",
            "<div><img class=x-image src=/p.jpg></div>",
        ),
        ("<p><img src='' data-late=/p.jpg></p>", "<p><img src='' data-lazy=/p.jpg></p>"),
        (
            "<p><a href='https://shop.example/bell?tag=courier-21'><img src=/p.jpg></a></p>",
            "<p><a href=https://museum.example/bells/1818><img src=/p.jpg></a></p>",
        ),
        (
            "<p><a href=https://shop.example/ rel='sponsored nofollow'><img src=/p.jpg></a></p>",
            "<p><a href=https://shop.example/ rel=sponsored><img src=/p.jpg alt='A bell'></a></p>",
        ),
        (
            "<p><a href=https://t.me/bells><img src=/p.jpg alt=Follow></a></p>",
            "<p><a href='https://bells.example/?utm_source=courier'><img src=/p.jpg></a></p>",
        ),
        (
            "<p><img src=/icons/p.jpg></p>",
            "<p><img src=/icons/p.jpg width=480 height=320 alt='A spoon on the bow'></p>",
        ),
        ("<p><img src=/p.jpg width=1 height=1 alt=Bells></p>", "<p><img src=/p.jpg alt=Bells></p>"),
        (
            "<p><a href=https://n.example/x><img src=/p.jpg alt='Follow us on Google News'></a>",
            "<p><a href=https://n.example/x><img src=/p.jpg alt='Follow us to the tower'></a>",
        ),
        (
            "<p><img src=/qr-code/p.jpg width=120 height=120 alt='To our app'></p>",
            "<p><img src=/qr-code/p.jpg width=600 height=600 alt='A bell in squares'></p>",
        ),
        (
            "<p><img src=/badge-app-store/p.jpg></p>",
            "<p><img src=/badge-of-the-store/p.jpg></p>",
        ),
        ("<amp-img fallback src=/p.jpg></amp-img>", "<amp-img src=/p.jpg></amp-img>"),
    ],
    ids=[
        *("of a banner's size", "hidden", "late", "counted", "sponsored", "asking", "icon", "dot"),
        *("call", "code to scan", "badge", "fallback"),
    ],
)
def test_banners_icons_and_dots_amid_the_text_go_and_pictures_stay(goes: str, stays: str) -> None:
    assert "<img" not in story(goes).html
    assert '/p.jpg"' in story(stays).html


@pytest.mark.parametrize(
    ("cover", "decoration"),
    [
        (
            "<div class=top role=img aria-label='The hall' style='background-image:url(/c.jpg)'>",
            "<div class=top style='background-image:url(/c.jpg)'>",
        ),
        (
            '<div class=post-hero style="background: #fff url(&quot;/c.jpg&quot;) no-repeat">',
            '<div class=post-hero style="background: #fff">',
        ),
    ],
)
def test_a_background_that_is_said_to_be_a_picture_leads_the_article(
    cover: str, decoration: str
) -> None:
    page = f"<article><h1>{TITLE}</h1>{{}}</div>{ps()}</article>"
    assert read(page.format(cover)).lead_image == "https://courier.example/c.jpg"
    assert "<img" not in read(page.format(decoration)).html


def test_a_drawing_in_place_of_a_photograph_gives_way_to_it() -> None:
    late = "<p><img data-original=/i/bell.jpg src=/i/empty.gif></p>"
    assert "/i/bell.jpg" in story(late).html
    assert "/i/bell.jpg" not in story(late.replace("empty.gif", "small.jpg")).html


def test_pictures_in_a_list_leave_no_signs_of_items_in_the_text() -> None:
    items = "".join(f"<li><img src=/i/{n}.jpg width=900 height=600>" for n in range(3))
    article = story(f"<ul>{items}</ul>")
    assert article.html.count("<img") == 3
    assert "•" not in article.text


def test_the_sign_that_enlarges_a_picture_is_no_second_picture() -> None:
    both = "<a href=/b.jpg><img src=/s.jpg><img src=/loupe.png width=16 height=16 alt=Enlarge></a>"
    html = story(both).html
    assert "/s.jpg" in html
    assert "loupe" not in html


def test_a_caption_is_read_once_and_without_the_sign_of_a_camera() -> None:
    said = "The last bell, on the day on which it was cast"
    figure = (
        f"<figure><img src=/b.jpg><div class=phone>{said}</div><figcaption><img src=/camera.svg"
        f" width=14 height=14> {said}</figcaption></figure>"
    )
    html = story(figure).html
    assert html.count(said) == 1
    assert "camera" not in html


def test_the_line_beside_a_photograph_is_its_caption_and_that_at_a_button_is_not() -> None:
    photograph = (
        f"<div class=cmp><div><img src=/b.jpg {LARGE}><span>The hall in May</span></div></div>"
    )
    assert "<figcaption>The hall in May</figcaption>" in story(photograph).html
    button = (
        "<div class=tool><div><img src=/play.png width=24><span>Play the bells</span></div></div>"
    )
    html = story(button).html
    assert "figcaption" not in html
    assert "play.png" not in html


def test_a_page_whose_site_is_named_again_at_its_foot_keeps_its_short_text() -> None:
    foot = "<div class=foot><p>The Valley Courier</p></div>"
    head = '<meta property="og:title" content="The Valley Courier">'
    main = f"{head}<article><h1>{TITLE}</h1><p>The furnace is out for good.</p></article>{foot}"
    assert "The furnace is out" in read(main).text


def test_paragraphs_written_as_headings_are_kept_to_the_last() -> None:
    text = "".join(f"<h6>{paragraph}</h6>" for paragraph in PROSE)
    assert PROSE[-1] in read(f"<article><h1>{TITLE}</h1>{text}</article>").text


def test_what_is_shown_blurred_until_a_picture_is_loaded_is_no_second_picture() -> None:
    both = "<p><img src='/b.jpg?w=20' alt=''><img class=lazy data-src='/b.jpg?w=900' src=''></p>"
    html = story(both).html
    assert html.count("<img") == 1
    assert "w=900" in html
    html = story("<p><img src='/photo?id=1'><img src='/photo?id=2'></p>").html
    assert html.count("<img") == 2


def test_the_face_of_who_wrote_an_entry_is_no_picture_of_the_text() -> None:
    face = (
        "<div class=who><img src=/n.jpg width=40 height=40 alt='Nina Holt'><i>Nina Holt</i></div>"
    )
    entries = "".join(f"<div class=entry>{face}<p>{text}</p></div>" for text in PROSE)
    assert "<img" not in read(f"<h1>{TITLE}</h1><div class=feed>{entries}</div>").html
    larger = face.replace("40", "400")
    assert "/n.jpg" in story(larger).html


def test_a_picture_that_a_button_shows_larger_is_a_picture() -> None:
    button = f"<button aria-label=Larger><img src=/hall.jpg {LARGE}><b>1/7</b></button>"
    figure = f"<figure>{button}<figcaption>The hall</figcaption></figure>"
    html = read(f"<article><h1>{TITLE}</h1>{figure}{ps()}</article>").html
    assert "/hall.jpg" in html
    assert "1/7" not in html
    small = "<figure><button><img src=/zoom.jpg width=32 height=32></button></figure>"
    assert "zoom" not in story(small).html


def test_the_face_of_who_wrote_it_is_no_picture_of_the_article() -> None:
    face = "<div class=x><img src=/face.jpg width=300 height=300 alt='{}'><span>{}</span></div>"
    page = "<h1>{}</h1><p class=byline>By Nina Holt</p><div class=story>{}{}</div>"
    for who, is_shown in (("Nina Holt", False), ("Marta Kovac", True)):
        html = read(page.format(TITLE, face.format(who, who), ps())).html
        assert ("/face.jpg" in html) is is_shown


@pytest.mark.parametrize(("height", "is_shown"), [(60, False), (400, True)])
def test_a_logo_with_a_name_below_the_text_is_no_picture_of_it(height: int, is_shown: bool) -> None:
    box = f"<div class=p><p>Friends of the bell</p><img src=/p.png width=600 height={height}></div>"
    html = read(f"<article><h1>{TITLE}</h1>{ps()}{box}</article>").html
    assert ("/p.png" in html) is is_shown


NON = "Votre navigateur ne prend pas en charge la lecture."
NONE = "Sorry, your browser does not support embedded films, <a href=/v.mp4>get it here</a>."


@pytest.mark.parametrize(
    ("player", "address"),
    [
        (f"<video controls><source src=/v.mp4 type=video/mp4><p>{NONE}</p></video>", "/v.mp4"),
        (f"<audio src=/a.mp3><p>{NONE}</p></audio>", "/a.mp3"),
        (f"<div><audio src=/a.mp3></audio><p>{NON}</p></div>", "/a.mp3"),
        ("<p><audio src=/a.mp3></audio></p>", "/a.mp3"),
        ("<object data=/c.svg><img src=/c.png alt='Bells a year'></object>", "/c.png"),
    ],
)
def test_a_player_is_shown_without_what_stands_in_for_it(player: str, address: str) -> None:
    article = story(player)
    assert address in article.html
    assert "browser" not in article.text
    assert "navigateur" not in article.text


def test_what_no_browser_supports_may_be_what_the_text_is_about() -> None:
    about = "No browser on the old machine supports what the museum wanted to show."
    assert about in story(f"<p>{about}</p><video controls src=/v.mp4></video>").text
    assert about in story(f"<video controls src=/v.mp4></video><p>{about * 4}</p>").text


def test_a_figure_that_says_to_read_on_is_a_teaser_and_one_that_shows_is_not() -> None:
    teaser = (
        "<figure><a href=/tin></a><div><img src=/tin.jpg width=460 height=276></div>"
        "<div>Tin mines of the north</div><div>Read more</div></figure>"
    )
    html = story(teaser).html
    assert "tin.jpg" not in html
    assert "Tin mines" not in html
    shown = story(teaser.replace("Read more", "Read more in the dust than in the book")).html
    assert "tin.jpg" in shown


def test_what_was_said_to_slides_is_text_however_short_and_what_lies_below_pictures_is_not() -> (
    None
):
    short = "Hello. There is nothing clever in this talk about bells."
    long = (
        "This is the tower in 1917, before the war took the bells. The grey thing on the left is"
        " the first, and the grey thing on the right is what was to take its place."
    )
    slide = "<div class=slide><img src=/{0}.png><div class=notes>{1}</div></div>"
    text = read(f"<h1>{TITLE}</h1>{slide.format(1, short)}{slide.format(2, long) * 2}{ps()}").text
    assert short in text
    shown = read(f"<h1>{TITLE}</h1>{ps(0, 3)}{slide.format(1, short)}{ps(3)}")
    assert f"<figcaption>{short}</figcaption>" in shown.html


def test_a_sign_amid_the_text_is_no_picture_and_a_small_photograph_is() -> None:
    sign = "<div class=sky><img src=/sun.png width=48 height=48 alt='Cloudy'></div>"
    assert "sun.png" not in story(sign).html
    photograph = "<div class=sky><img src=/sun.png width=148 height=96 alt='Cloudy'></div>"
    assert "sun.png" in story(photograph).html


@pytest.mark.parametrize("address", ["null", "undefined", "[object Object]"])
def test_an_address_that_a_script_failed_to_write_is_no_picture(address: str) -> None:
    assert "<img" not in story(f"<p><img src='{address}' alt=''></p>").html


def test_copies_of_slides_that_a_carousel_makes_are_not_read() -> None:
    first, second = (f"<h3>Part {n}</h3><p>{PROSE[n]}</p>" for n in (1, 2))
    copy = f"<div class='slick-slide slick-cloned'>{second}</div>"
    own = "".join(f"<div class=slick-slide>{each}</div>" for each in (first, second))
    article = read(f"<article><h1>{TITLE}</h1>{ps(0, 1)}<div>{copy}{own}</div>{ps(3)}</article>")
    at = [article.text.index(said) for said in (*PROSE[:2], "Part 2", *PROSE[2:])]
    assert at == sorted(at)
    assert article.text.count("Part 2") == 1


@pytest.mark.parametrize("order", ["{0}{1}", "{1}{0}"], ids=["above", "below"])
def test_headings_that_each_stand_at_a_picture_are_not_lost(order: str) -> None:
    names = ("The grey mare", "The one at the gate", "Two that cannot agree", "The new one")

    def shown(name: str, at: int) -> str:
        heading = f"<header class=frame-header><h2>{name}</h2></header>"
        picture = f"<div class=gallery><figure class=image><img src=/{at}.jpg></figure></div>"
        return f"<div class='frame frame-image'>{order.format(heading, picture)}</div>"

    text = f"<div class='frame frame-text'><h1>{TITLE}</h1><div class=body>{ps(0, 2)}</div></div>"
    frames = "".join(shown(name, at) for at, name in enumerate(names))
    article = read(f"<section>{text}{frames}</section>")
    assert all(f"<h2>{name}</h2>" in article.html for name in names)
    assert all(f"/{at}.jpg" in article.html for at in range(4))
    elsewhere = frames.replace("<h2>", "<h2><a href=/m>").replace("</h2>", "</a></h2>")
    assert "mare" not in read(f"<section>{text}{elsewhere}</section>").text


def test_a_picture_that_an_advertiser_pays_for_goes_with_the_label_below_it() -> None:
    picture = "<img src=/b.jpg width=980 height=400>"
    shown = f"<div><span>Mainos</span><a href=https://a.example/{{}} rel={{}}>{picture}</a></div>"
    assert "<img" not in story(shown.format("c?id=5", "sponsored")).html
    assert "/b.jpg" in story(shown.format("b.jpg", "noopener")).html


def test_captions_that_lead_to_other_articles_keep_no_pictures_in_a_box_whose_heading_went() -> (
    None
):
    def cards(to: str) -> str:
        shown = "<figure><img src=/{0}.jpg><figcaption>Tin mine {0}</figcaption></figure>"
        return "".join(f"<a href={to}>{shown}</a>".format(n) for n in range(3))

    box = "<aside><h3>Recommended</h3>{}</aside>"
    assert "<img" not in story(box.format(cards("/a/{0}"))).html
    assert "/2.jpg" in story(f"<div>{cards('/large/{0}.jpg')}</div>").html
    assert "/2.jpg" in story(f"<div>{cards('/large/{0}')}</div>").html


@pytest.mark.parametrize("rubric", ["", "<span>Crafts</span>", "<ul><li>Crafts<li>May</ul>"])
def test_the_picture_above_a_headline_and_its_rubric_is_shown(rubric: str) -> None:
    wide = "<img src=/c.jpg srcset='/c.jpg?w=800 800w, /c.jpg?w=1600 1600w'>"
    head = f"<header><div class=media>{wide}</div><div>{rubric}<h1>{TITLE}</h1></div></header>"
    assert "/c.jpg" in read(f"{head}<article>{ps()}</article>").html
    button = head.replace("class=media", "class=share")
    assert "/c.jpg" not in read(f"{button}<article>{ps()}</article>").html


def test_a_face_that_laughs_is_no_picture_of_the_text() -> None:
    assert "<img" not in story("<p>It rang. <img src=/smilies/laugh.gif alt=':)'></p>").html
    assert "/smiles.jpg" in story("<p><img src=/smiles.jpg alt='Two ringers'></p>").html


def test_a_picture_above_the_box_of_headline_and_text_is_shown_and_a_small_one_is_not() -> None:
    page = (
        f"<div class=w>{{}}<section><article><h1>{TITLE}</h1><div>{ps()}</div></article></section>"
    )
    hero = "<div role=img style='background-image:url(/c.jpg)'></div>"
    assert "/c.jpg" in read(page.format(hero)).html
    assert "/c.jpg" in read(page.format(f"<div><img src=/c.jpg {LARGE}></div>")).html
    assert "/c.jpg" not in read(page.format("<div><img src=/c.jpg width=90 height=90></div>")).html


def test_a_picture_in_a_box_called_a_banner_stays_with_the_text_there() -> None:
    inside = "<div class=banner-media><img src=/b.jpg></div>"
    text = (
        "<div class=banner-text><p>The oldest bell has no name, and rings a little flat.</p></div>"
    )
    assert "/b.jpg" in story(f"<div class=banner-slide>{inside}{text}</div>").html
    assert "/b.jpg" not in story(inside).html


def test_an_offer_of_an_app_goes_with_its_pictures_and_a_text_on_apps_stays() -> None:
    badge = "<a href=/app><img src=/play.png alt='Get it on Google Play'></a>"
    offer = f"<div class=x1><img src=/phone.jpg><h4>The Courier on your phone</h4>{badge}</div>"
    article = story(offer)
    assert "on your phone" not in article.text
    assert "/phone.jpg" not in article.html
    apps = "".join(
        f"<div class=x1><h4>{name}</h4><p>It rings the hours and costs nothing.</p>{badge}</div>"
        for name in ("Clapper", "Belfry")
    )
    assert "Belfry" in story(apps).text
    assert "/play.png" not in story(apps).html
