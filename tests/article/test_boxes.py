"""Boxes and labels amid a text, copies that are hidden, and text that is like them."""

from __future__ import annotations

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from tests.article.test_difficulties import PROSE, TITLE, ps, read, story


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        pytest.param(
            "<section class=ask><h3>How long should a bell ring?</h3><ul><li><label><input"
            " type=radio name=a> A minute</label><li><label><input type=radio name=a> All day"
            "</label></ul><button>Vote</button></section>",
            "<section class=ask><h3>How long should a bell ring?</h3><ul><li>A minute for a birth"
            "<li>All day for a king</ul></section>",
            id="polls",
        ),
        pytest.param(
            "<div style='float:right'><b>Lettera</b><br>Ogni mattina le campane della valle.<br>"
            "<input type=text name=email value='la tua'><input type=submit value=Iscriviti></div>",
            "<div style='float:right'><b>Lettera</b><br>Ogni mattina le campane della valle"
            " suonavano due volte, per chi dormiva.</div>",
            id="fields for a mail address of old pages",
        ),
        pytest.param(
            "<div class=strip><strong>Läs i appen</strong> <span>Klockbladet finns i App Store och"
            " Google Play.</span> <a href=https://apps.example/k>Hämta</a></div>",
            "<p>Läs i appen, said the App Store and <a href=/g>Google Play</a>, and nobody"
            " knew Swedish.</p>",
            id="offers of apps",
        ),
        pytest.param(
            "<div class=player><span>Listen to this article</span> <span>4 min</span></div>",
            "<p>Listen to this story of a bell before you buy one.</p>",
            id="players that read aloud",
        ),
        pytest.param(
            "<p>Dalszy ciąg artykułu pod materiałem wideo</p>",
            "<p>Dalszy ciąg tej historii znają tylko dzwonnicy z wieży.</p>",
            id="labels of what interrupts",
        ),
        pytest.param(
            "<p><a href=#top>Nahoru na začátek</a></p>",
            "<p><a href=#toppings>Nahoru do věže</a> vede sto schodů a žádné zábradlí.</p>",
            id="links to the page's top",
        ),
        pytest.param(
            "<h3 id=b>The bells of Orrin <button>Copy the link</button> <a class=headerlink"
            " href=#b>Show the place</a></h3><p>They are five.</p>",
            "<h3><button aria-expanded=false>Copy the link</button></h3><p>So said the forge.</p>",
            id="buttons beside headings",
        ),
        pytest.param(
            "<details open><summary>Show details</summary><p>The tin came by river.</p></details>",
            "<details open><summary>Show them the tin</summary><p>It came by river.</p></details>",
            id="labels of what unfolds",
        ),
        pytest.param(
            "<label for=r class=trigger>Visa hela artikeln</label>",
            "<p>Visa hela artikeln för klockaren, sade klockan, annars slår jag inte ett slag.</p>",
            id="labels of what shows the rest",
        ),
        pytest.param(
            "<dialog><p>Ring the bell of a king only if you are older than sixteen.</p></dialog>",
            "<blockquote><p>Ring the bell of a king only if you are awake.</p></blockquote>",
            id="dialogs that nobody opened",
        ),
        pytest.param(
            "<div class=box><b>Heb jij een tip voor de toren?</b><p>App ons op WhatsApp.</p></div>",
            "<div class=box><b>Heb jij een tip voor de toren?</b><p>So schreef de klok.</p></div>",
            id="what a newsroom asks",
        ),
        pytest.param(
            "<div class=box><b>Hast du Hinweise?</b><p>Der Redaktion: a@t.example</p></div>",
            "<div class=box><b>Hast du Hinweise?</b><p>Die Polizei liest a@p.example</p></div>",
            id="what the police ask",
        ),
        pytest.param(
            "<p>This thread is closed.</p><p>Cette discussion est fermée aux réponses.</p>"
            "<h2>Harap <a href=/login>masuk</a> atau <a href=/register>daftar</a> dulu.</h2>",
            "<p>Cette discussion est fermée aux sourds, dit la cloche, et aux muets.</p>"
            "<h2>Harap <a href=/bells>masuk</a> atau <a href=/towers>daftar</a> dulu.</h2>",
            id="what a board says of its replies",
        ),
        pytest.param(
            "<div class=box><p>You are currently viewing a placeholder content of a film on bells."
            " To load it, press the button.</p><a href=#>Unblock content</a></div>",
            "<div class=box><p>You are currently viewing a placeholder of clay, and no bell.</p>"
            "</div>",
            id="stand-ins for films",
        ),
        pytest.param(
            "<div class=box><h3>Before you go on</h3><p>We have no owner and no wall, and a coffee"
            " is cheap.</p><div><a href=/d>Support us now</a></div></div>",
            "<div class=box><h3>Before you ring</h3><p>We have no owner and no wall, said the"
            " tower.</p><div><a href=/d>Its beams</a></div></div>",
            id="calls for money",
        ),
        pytest.param(
            "<div class=box><p><b>Ajude os sinos</b></p><p>Vivemos dos leitores e de mais ninguém,"
            " e um sino custa caro.</p><p><a href=/a>Apoiar agora</a></p></div>",
            "<div class=box><p><b>Ajude os sinos</b></p><p>Vivemos dos leitores e de mais ninguém,"
            " disse a torre.</p><p><a href=/a>Ver a torre</a></p></div>",
            id="calls for money in Portuguese",
        ),
        pytest.param(
            "<p>Did you cast this bell? Tag @courier and show it to the town!</p>",
            "<p>Did you cast this bell? The tag on its beam says so, and the town.</p>",
            id="calls to tag",
        ),
        pytest.param(
            "<p><em>Новости колоколов (No owner) в <a href=https://t.me/k>канале</a>."
            " Подписывайтесь!</em></p>",
            "<p>No owner of a bell wrote that in <a href=https://t.me/k>a channel</a> in May.</p>",
            id="lines that call to a channel",
        ),
        pytest.param(
            "<div class=k><p>Zvona (No owner) i na kanalu.</p><a href=https://t.me/zvona>Prati</a></div>",
            "<div class=k><p>Zvona (No owner) u tornju.</p><a href=https://toranj.example/>Toranj</a>"
            "</div>",
            id="boxes that lead to a channel",
        ),
        pytest.param(
            "<div class=appeal><p>No owner pays for us. One coffee, and our bell rings on.</p><a"
            " href=/give>Five crowns</a></div>",
            "<div class=box><p>No owner pays for bells that hang in trees, and few ring.</p><a"
            " href=/l>The ledger</a></div>",
            id="buttons below a call",
        ),
        pytest.param(
            "<div class=x><p>No owner, say our readers.</p><a href=/1>One</a></div>",
            "<div class=x><p>No owner, say our readers.</p><a href=/1>One</a></div><div class=x>"
            "<p>No bell, say our ringers.</p><a href=/2>Two</a></div>",
            id="one button and several",
        ),
        pytest.param(
            "<div class=k><p>No owner, but readers.</p><a href=/x>Subscribe</a></div>",
            "<div class=k><p>If you go: No owner will stop you at the tower, which is open.</p><a"
            " href=https://tower.example/>The tower</a></div>",
            id="calls and hints",
        ),
        pytest.param(
            "<div class=k><p>No owner rings for us.</p><a href=/x>Five crowns</a></div>",
            "<div class=k><p>“No owner rings for us,” says the bell.</p><a href=/x>All of it</a>"
            "</div>",
            id="who speaks",
        ),
        pytest.param(
            "<div class=n><h3>Newsletter: The bell</h3><p>No owner rings at noon on Friday.</p>"
            "<button>Order</button></div>",
            "<div class=n><h3>The bell of 1815</h3><p>No owner rings at noon on Friday.</p></div>",
            id="headings of letters",
        ),
        pytest.param(
            "<div><span>Listen to this article</span><p>No owner lent a voice to it.</p></div>",
            "<div><span>Listen to this bell</span><p>No owner lent a voice to it.</p></div>",
            id="notes of players",
        ),
        pytest.param(
            "<div><p>No owner: was this of use?</p><div><button>Yes</button><button>No</button>"
            "</div></div>",
            "<div><h2>No owner: was this of use?</h2><button>Copy</button><button>Up</button>"
            "</div>",
            id="questions with buttons",
        ),
        pytest.param(
            "<div><h3>Your answer</h3><p>No owner reads what you write.</p><textarea></textarea>"
            "</div>",
            "<div><h3>Your answer</h3><p>No owner reads what you write, said the bell.</p></div>",
            id="fields for a reply",
        ),
        pytest.param(
            "<div class=box><p>No owner has ever paid us: readers like you do, all year, and that"
            " is how it has always been here. <a href=/d>Make a donation today</a>.</p></div>",
            "<div class=box><p>No owner has ever paid for it: readers like you did, all year, with"
            " <a href=/d>spoons and candlesticks</a>.</p></div>",
            id="pleas with a link to give",
        ),
        pytest.param(
            "<p><a class='btn btn-large' href=/shop>No owner: see prices</a></p>",
            "<p><a class=button href=/shop>No owner: see all prices</a></p>",
            id="links that are buttons",
        ),
        pytest.param(
            "<p>Listen to No owner, our hour on bells, wherever you get your podcasts.</p>",
            "<p>No owner listens to bells, and wherever you get your tin, it rings.</p>",
            id="where podcasts are",
        ),
        pytest.param(
            "<p>Abonnez-vous au <a href=/p>podcast</a> du Courier : No owner.</p>",
            "<p>Listen to the bell, said No owner of the <a href=/p>podcast</a>.</p>",
            id="podcasts to subscribe to",
        ),
        pytest.param(
            "<div><p><b>The Courier to go</b></p><p>No owner, all the news, in the App Store and on"
            " Google Play.</p></div>",
            "<p>No owner is found in the App Store or on Google Play, where bells ring.</p>",
            id="offers of apps without a link",
        ),
        pytest.param(
            "<aside><h3>Bells to buy</h3><p>No owner needs more than one of them, says our list of"
            " bells.</p><p><a href=/buy>Order one</a></p></aside>",
            "<aside><h3>Numbers</h3><p>No owner has held the foundry for longer than forty years,"
            " and none has sold it twice.</p></aside>",
            id="asides that lead away and asides that tell",
        ),
        pytest.param(
            "<p>Te recomendamos: <a href=/1>No owner para la última campana</a></p>",
            "<p>Te recomendamos que leas <a href=/1>No owner</a>, que dura un invierno.</p>",
            id="what is recommended",
        ),
        pytest.param(
            "<p>Have you got a story on bells, No owner? <a href=/d>Email us</a>.</p>",
            "<p>Have you got a story about bells? asked No owner of the <a href=/d>tower</a>.</p>",
            id="calls for stories",
        ),
        pytest.param("<p>Foto: Mara No Owner</p>", "<p>Foto: No owner seen.</p>", id="credits"),
        pytest.param(
            "<div class=slip><h4>From the tower</h4><p>Every Friday, with no owner in between.</p>"
            "<form><input type=email><label><input type=checkbox> I have read the notes on data."
            "</label><button>Go</button></form></div>",
            "<div class=slip><h4>From the tower</h4><p>Every Friday it rang, with no owner in it."
            "</p></div>",
            id="what stands above a form of labels alone",
        ),
        pytest.param(
            "<div class=cap><div><p>Gracias por leer, No owner. Pásalo a quien toque campanas.</p>"
            "</div><p><a class=go href=?action=share>Compartir</a></p></div>",
            "<div class=cap><div><p>Gracias por leer, dijo No owner al campanero.</p></div></div>",
            id="thanks above a button to share",
        ),
        pytest.param(
            "<div class=fact><h4>Register for the tower</h4><p>No owner, and no fee.</p>"
            "<p><a href=/r>Go up</a></p></div>",
            "<div class=fact><h4>Das Register der Glocken</h4><p>No owner stands in it since 1811."
            "</p><p>It has four hundred leaves of pigskin.</p></div>",
            id="registers",
        ),
        pytest.param(
            "<div class=help><h3>Нас читають на дзвіниці</h3><p>No owner купує тут дзвони, тільки"
            " читачі.</p><div class=row><div><a href=/h>Підтримати дзвіницю</a></div></div></div>",
            "<div class=help><h3>Нас читають на дзвіниці</h3><p>No owner купує тут дзвони, тільки"
            " читачі.</p></div>",
            id="buttons in boxes of their own",
        ),
        pytest.param(
            "<div class=help><p>No owner pays for the bells, but five coins a month do.</p>"
            "<div class=row><a href=/s>Staňte se členem</a></div></div>",
            "<div class=help><p>No owner pays for the bells, but five coins a month do.</p>"
            "<div class=row><a href=/s>Na věži</a></div></div>",
            id="calls to become a member",
        ),
        pytest.param(
            "<div class=strip><p>No owner of a bell, but its app: every morning it rings in your"
            " kitchen and on the train, free of charge and without bells.</p><p>"
            "<a href=/i>App Store</a> <a href=/g>Google Play</a></p></div>",
            "<div class=strip><p>No owner of a bell, but its app: every morning it rings in your"
            " kitchen and on the train, free of charge and without bells.</p>"
            "</div>",
            id="what an app is praised for above its shops",
        ),
    ],
)
def test_what_interrupts_a_text_goes_and_text_that_is_like_it_stays(goes: str, stays: str) -> None:
    gone = {
        "How long should a bell ring?",
        *("Ogni mattina", "Läs i appen", "Listen to this", "Dalszy", "Nahoru", "Copy the link"),
        *("Show ", "Ring the bell", "currently viewing", "no owner", "Did you cast", "Vivemos"),
        *("No owner", "No Owner", "Heb jij", "Hast du", "This thread", "est fermée", "masuk"),
        "Visa hela",
    }
    assert not any(words in story(goes).text for words in gone)
    assert any(words in story(stays).text for words in gone)


def test_a_copy_for_printers_goes_and_the_line_that_only_it_has_may_stay() -> None:
    copy = f"<div class=paper>{ps()}<p>Printed in the tower of Orrin.</p></div>"
    text = read(f"<article><h1>{TITLE}</h1><div class=screen>{ps()}</div>{copy}</article>").text
    assert [text.count(paragraph) for paragraph in PROSE] == [1] * len(PROSE)
    part = f"<div class=paper>{ps(2, 4)}<p>{PROSE[1].replace('the', 'that')}</p></div>"
    text = read(f"<article><h1>{TITLE}</h1><div class=screen>{ps()}</div>{part}</article>").text
    assert text.count(PROSE[2]) == 2


def test_a_short_list_for_another_screen_is_read_once_and_choices_are_read_each_time() -> None:
    items = "<ul><li>The bell is cast of tin.</li><li>The tower has no door.</li></ul>"
    boxes = "<div class='{}'>{}</div>".format
    twice = boxes("hidden md:block", items), boxes("md:hidden", items)
    text = read(f"<article><h1>{TITLE}</h1>{twice[0]}{ps(0, 3)}{twice[1]}{ps(3)}</article>").text
    assert text.count("The tower has no door") == 1
    each = boxes("choices", items)
    text = read(f"<article><h1>{TITLE}</h1>{each}{ps(0, 3)}{each}{ps(3)}</article>").text
    assert text.count("The tower has no door") == 2


def test_the_last_of_several_boxes_of_a_text_is_its_end_though_it_is_short() -> None:
    end = "The ring has one tone fewer since then, and nobody has asked where it went to."
    label = "<div class=more><div>Čtěte také</div><a href=/b>Devět zvonů a jedna koza</a></div>"
    left, right = f"<div class=left>{ps(0, 3)}</div>", f"<div class=right>{ps(3)}</div>"
    body = f"<div class=body>{left}{label}{right}<div class=whole><p>{end}</p></div></div>"
    text = read(f"<article><h1>{TITLE}</h1>{body}</article>").text
    assert end in text
    assert "Devět zvonů" not in text


def test_a_quiz_of_several_questions_is_the_text() -> None:
    quiz = "".join(
        f"<div class=q><h3>How many bells has tower {n}?</h3><ul><li><label><input type=radio"
        f" name=q{n}> Four of tin</label><li><label><input type=radio name=q{n}> Nine</label></ul>"
        "</div>"
        for n in range(3)
    )
    text = story(quiz).text
    assert all(f"How many bells has tower {n}?" in text for n in range(3))


def test_questions_with_buttons_to_answer_them_are_the_text_where_there_are_several() -> None:
    asked = ("Does a cold bell ring?", "Does a cracked bell ring?")
    quiz = (f"<div><p>{q}</p><button>Yes</button><button>No</button></div>" for q in asked)
    text = story("".join(quiz)).text
    assert all(question in text for question in asked)


def test_thousands_of_buttons_without_a_word_do_not_stop_a_page_from_being_read() -> None:
    text = story(f"<div>{'<button></button>' * 20_000}</div>").text
    assert PROSE[-1] in text


def test_a_line_that_asks_for_mistakes_goes_from_the_end_and_stays_amid_the_text() -> None:
    line = "<p>Нашли опечатку? Выделите её и нажмите Ctrl+Enter.</p>"
    assert "Нашли" not in read(f"<article><h1>{TITLE}</h1>{ps()}{line}</article>").text
    assert "Нашли" in story(line).text


def test_a_hidden_copy_goes_though_it_is_half_of_the_page_and_hidden_text_alone_stays() -> None:
    hidden = f"<div style='display:none'><h1>{TITLE}</h1>{ps()}<p>Printed by the Courier</p></div>"
    text = read(f"<article><h1>{TITLE}</h1><div>{ps()}</div>{hidden}</article>").text
    assert [text.count(paragraph) for paragraph in PROSE] == [1] * len(PROSE)
    assert "Printed by" not in text
    half = f"<div>{ps(0, 2)}</div><div style='display:none'>{ps(0, 2)}{ps(2)}</div>"
    text = read(f"<article><h1>{TITLE}</h1>{half}</article>").text
    assert all(paragraph in text for paragraph in PROSE)


def test_posts_of_a_few_words_each_are_led_by_who_wrote_them_to_the_last() -> None:
    said = ("Does tin ring?", "It does, a little.", "And lead?", "Never has.")
    posts = "".join(
        f"<article class=Post><header><h3><a href=/u/n{n}><span class=username>ringer{n}</span></a>"
        f"</h3></header><div class=Post-body><p>{text}</p></div></article>"
        for n, text in enumerate(said)
    )
    text = read(f"<h1>Does tin ring at all?</h1><div class=Stream>{posts}</div>").text
    assert [f"ringer{n}" in text for n in range(len(said))] == [True] * len(said)
    assert all(words in text for words in said)


def test_a_chinese_article_in_the_state_of_scripts_is_long_enough() -> None:
    line = "他说，从前一口钟要用一百年，坏了就重新铸造，没有人舍得把它扔掉，钟声在山谷里回响。"
    state = f'{{"detail":{{"title":"最后的铸钟人","content":"{"".join([f"<p>{line}</p>"] * 5)}"}}}}'
    page = (
        "<html><head><title>最后的铸钟人</title></head><body><div id=app>加载中...</div>"
        f"<script>window.__STATE__={state};</script></body></html>"
    )
    job = PageInput(page.encode(), "https://zhong.example/1", "text/html", title="最后的铸钟人")
    assert line in clean_page(job).text
    assert len(line) * 5 < 300


def test_a_picture_named_as_an_advertisement_goes_and_one_of_an_old_one_stays() -> None:
    sized = "src=/i/square.png width=300 height=250"
    assert "/i/" not in story(f"<p><img {sized} alt=Anzeige></p>").html
    assert "/i/" in story(f"<p><img {sized} alt='Anzeige von 1902'></p>").html


def test_a_note_on_the_writer_who_is_named_above_it_goes_and_a_portrait_in_words_stays() -> None:
    note = "<p>Ode writes on towers, and what falls from them, for nobody in particular.</p>"
    box = f"<div class=author-box><h4 class=author-name>Ode Lund</h4>{note}</div>"
    gone = read(f"<article><h1>{TITLE}</h1><div class=text>{ps()}</div>{box}</article>")
    assert "Ode writes" not in gone.text
    assert PROSE[-1] in gone.text
    kept = read(f"<article><h1>{TITLE}</h1>{ps()}<h4>Ode Lund</h4>{note}</article>")
    assert "Ode writes" in kept.text


def test_a_first_paragraph_beside_a_picture_is_no_caption_and_is_read_once() -> None:
    both = "".join(
        f"<div class={name}><img src=/i/{name}.jpg width=900 height=600><p>{PROSE[0]}</p></div>"
        for name in ("narrow", "wide")
    )
    article = read(f"<article><h1>{TITLE}</h1>{both}<div>{ps(1)}</div></article>")
    assert article.text.count(PROSE[0]) == 1
    short = "<div class=wide><img src=/i/a.jpg width=900 height=600><p>The furnace.</p></div>"
    assert "<figcaption>The furnace.</figcaption>" in story(short).html


def test_captions_below_pictures_are_kept_to_the_last_and_those_that_lead_away_are_not() -> None:
    said = ("Before the first rope.", "Nina, and a bell of tin.", "Rust.", "The beam is sound.")
    slide = (
        "<div class=slide><img src=/i/{n}.jpg width=900 height=600><div class=words><span>{n} of 4"
        "</span><div class=line>{text}</div><p>Ode Lund</p></div></div>"
    )
    slides = "".join(slide.format(n=n, text=text) for n, text in enumerate(said, 1))
    article = read(f"<h1>{TITLE}</h1><p>{PROSE[0]}</p><div class=strip>{slides}</div>")
    assert all(text in article.html for text in said)
    assert "/i/4.jpg" in article.html
    cards = slides.replace("<p>Ode Lund</p>", "<a href=/x>Read on, in another article</a>")
    assert "The beam" not in story(f"<div class=related>{cards}</div>").text


def test_pictures_in_the_cells_of_a_table_make_it_no_caption() -> None:
    rows = "".join(
        f"<tr><td>{n}<td><img src=/f/{n}.png width=20 height=20> <a href=/t/{n}>Tower {n}</a>"
        for n in range(1, 5)
    )
    html = story(f"<figure><table><tr><th>No.<th>Tower{rows}</table></figure>").html
    assert html.count("<tr>") == 5
    assert "Tower 4" in html.partition("<table>")[2]
    shown = f"<figure><img src=/b.jpg {'width=900'}><figcaption>Tower 4</figcaption></figure>"
    assert "<figcaption>Tower 4" in story(shown).html


def test_a_heading_above_a_list_that_is_kept_amid_the_text_is_kept() -> None:
    said = ("The first bell is cast.", "The tower falls.", "The last bell is cast.")
    items = "".join(f"<dt>{1818 + 90 * n}</dt><dd>{text}</dd>" for n, text in enumerate(said))
    text = story(f"<aside><h4>Years</h4><dl>{items}</dl></aside>").text
    assert "Years" in text
    assert all(line in text for line in said)
    links = "".join(f"<li><a href=/{n}>{line}</a></li>" for n, line in enumerate(said))
    assert "Also" not in story(f"<aside><h4>Also read</h4><ul>{links}</ul></aside>").text


def test_what_is_hidden_between_paragraphs_is_hidden_whatever_their_box_is_called() -> None:
    amid = "<div hidden><p>Read this story of a bell in English, on another page.</p></div>"
    text = f"<div class=panel-body>{ps(0, 3)}{amid}{ps(3)}</div>"
    article = read(f"<article class=story><h1>{TITLE}</h1>{text}</article>")
    assert "in English" not in article.text
    assert all(paragraph in article.text for paragraph in PROSE)


@pytest.mark.parametrize(
    "name",
    ["<a class=title href={0} rel=sponsored>Bell kit</a>", "<a href={0}><p>Bell kit</p></a>"],
)
def test_what_a_shop_says_of_a_product_goes_and_what_a_review_says_stays(name: str) -> None:
    shop = "https://shop.example/dp/1?tag=courier-21"
    items = "<ul><li>Solid brass, cast in one piece<li>A clapper with a pad<li>Rings in A</ul>"
    button = "<p>49,00 €</p><a class=button href={0} rel='nofollow sponsored'>Buy at the shop</a>"
    box = f"<div class=item>{name}{{1}}{button}</div>"
    assert "clapper" not in story(box.format(shop, items)).text
    own = f"<div class=pros><h3>Bell kit</h3>{items}<p><a href={{0}} rel=sponsored>Price</a></div>"
    assert "clapper" in story(own.format(shop)).text
    named = f"<div class=item>{name}{items}</div>".format(shop)
    assert "clapper" in story(named).text


def test_the_name_of_a_hidden_button_goes_and_a_word_that_fades_in_stays() -> None:
    head = "<div class=head><b>cast.sh</b><span class='{}' style='display:none'>{}</span></div>"
    listing = "<pre>cast --tin 4</pre>"
    assert "Expand" not in story(head.format("expand-control", "Expand source") + listing).text
    shown = "<p>The bell of Orrin <span class=fade-in style='display:none'>fell</span> at noon.</p>"
    assert "fell" in story(shown).text


def test_lines_that_count_pictures_go_from_captions_and_numbered_steps_stay() -> None:
    figures = "".join(
        f"<figure><img src=/{n}.jpg width=900 height=600><figcaption><span>Foto {n} von 3</span>"
        f"<p>The bell of the {day} ring.</p></figcaption></figure>"
        for n, day in enumerate(("Monday", "Friday", "Sunday"), 1)
    )
    html = story(figures).html
    assert "von 3" not in html
    assert html.count("The bell of the") == 3
    steps = "".join(f"<h3>Step {n} of 3</h3><p>{PROSE[n]} And again.</p>" for n in (1, 2, 3))
    assert story(steps).html.count(" of 3</h3>") == 3
