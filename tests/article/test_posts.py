"""Threads: all posts, each led by who wrote it, whatever the board's markup."""

from __future__ import annotations

from typing import Final

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import analyse, clean_page
from feedd.article.selection import decide
from tests.article.test_difficulties import PROSE

ANSWERS: Final = (*PROSE, "File it, then listen.")
TITLE: Final = "How do I tune a bell?"


def lines(post: str, before: str = "") -> list[str]:
    posts = "".join(
        post.format(user=f"user{n}", text=text, day=n + 1) for n, text in enumerate(ANSWERS)
    )
    page = f"<html><body><h1>{TITLE}</h1>{before}<main>{posts}</main></body></html>"
    article = clean_page(
        PageInput(page.encode(), "https://bells.example/forum/12", "text/html", title=TITLE)
    )
    return [line for line in article.text.splitlines() if line]


@pytest.mark.parametrize(
    "post",
    [
        "<div class='rounded border'><div class=flex><img src=/a.png width=24><a href=/u/{user}>"
        "{user}</a><span>· 2d</span></div><div class=prose><p>{text}</p></div></div>",
        "<table class=comment-tree><tr class=row><td class=default><div><span class=head><a"
        " class=hnuser href='user?id={user}'>{user}</a> <span>{day} days ago</span></span></div>"
        "<div class=comment><div class=commtext>{text}</div></div></td></tr></table>",
        "<div class=post id=p{day}><div class=author_information><strong><span class=large><a"
        " href=/user-{day}.html>{user}</a></span></strong><br><span>Junior Member</span></div>"
        "<div class=post_body>{text}</div></div>",
    ],
    ids=["utility classes", "table", "rank in the line"],
)
def test_every_post_is_led_by_its_writer_alone(post: str) -> None:
    led = [said for n, text in enumerate(ANSWERS) for said in (f"user{n}", text)]
    assert lines(post) == led


def test_who_began_a_thread_leads_its_first_post_though_that_is_written_otherwise() -> None:
    question = "The bell of our school rings flat since the frost, and the janitor has a file."
    first = (
        "<div class=link><p>submitted 3 days ago by <a class=author href=/user/janitor>janitor</a>"
        f"</p><div class=text><p>{question}</p></div></div>"
    )
    post = "<div class=comment><a class=author>{user}</a><div class=text><p>{text}</p></div></div>"
    assert lines(post, first)[:3] == ["janitor", question, "user0"]


def test_links_to_members_in_an_article_lead_no_posts() -> None:
    thanks = "<p>With thanks to <a href=/users/ode>Ode</a></p>"
    body = "".join(f"<section class=part><p>{text}</p></section>" for text in PROSE)
    page = f"<html><body><h1>{TITLE}</h1><article>{thanks}{body}</article></body></html>"
    article = clean_page(PageInput(page.encode(), "https://bells.example/a/12", "text/html"))
    assert all(text in article.text for text in PROSE)
    assert "Ode" not in article.text.splitlines()


LINED: Final = (
    "<div class='post bg{day}'><h4><a class=username href=/u/{user}>{user}</a></h4>"
    "<div class=content>{text}</div></div>"
)


def thread(posts: str, url: str = "https://bells.example/a/12") -> list[str]:
    page = f"<html><body><h1>{TITLE}</h1><main>{posts}</main></body></html>"
    article = clean_page(PageInput(page.encode(), url, "text/html", title=TITLE))
    return [line for line in article.text.splitlines() if line]


def test_the_last_short_post_is_not_lost_whatever_the_pages_address() -> None:
    texts = (*PROSE[:3], "No.", "Then buy a new bell, and be quiet.", "+1 for that.")
    posts = "".join(
        LINED.format(user=f"user{n}", text=text, day=n % 2) for n, text in enumerate(texts)
    )
    assert thread(posts) == [said for n, text in enumerate(texts) for said in (f"user{n}", text)]


def test_signatures_of_the_make_of_short_posts_stay_out() -> None:
    signature = "<aside class=signature><div class=text>Ring on, whoever you are</div></aside>"
    post = LINED.replace("class=content", "class=text").replace(
        "</div></div>", "</div>{sign}</div>"
    )
    posts = "".join(
        post.format(user=f"user{n}", text=text, day=n % 2, sign=signature if n % 2 else "")
        for n, text in enumerate(PROSE)
    )
    assert "Ring on" not in " ".join(thread(posts))


@pytest.mark.parametrize(
    ("name", "stays"), [("signature", False), ("signatures", True), ("verse", True)]
)
def test_a_signature_of_one_post_alone_stays_out_and_a_quotation_in_a_post_stays(
    name: str, stays: bool
) -> None:
    posts = [LINED.format(user=f"user{n}", text=text, day=n % 2) for n, text in enumerate(PROSE)]
    said = f"<blockquote class={name}><div>Ring on, whoever you are.</div></blockquote></div></div>"
    posts[1] = posts[1].replace("</div></div>", said)
    assert ("Ring on, whoever you are." in " ".join(thread("".join(posts)))) is stays


def test_entries_of_a_live_blog_by_several_writers_keep_their_times() -> None:
    entries = "".join(
        f"<div class=post><time>1{n}:05</time><a class=author href=/u/{n}>Ode {n}</a>"
        f"<p>{text}</p></div>"
        for n, text in enumerate(PROSE)
    )
    assert [line[:5] for line in thread(entries) if line[:1] == "1"] == [
        f"1{n}:05" for n in range(len(PROSE))
    ]


def test_posts_whose_writers_are_told_in_lists_are_led_by_their_names() -> None:
    post = (
        "<div class=row{n}><h2><a href=#{n}>2013-04-0{n}</a></h2><div class=both><dl><dt><a"
        " href=/profile.php?id={n}>{user}</a></dt><dd>Mitglied</dd><dd>Ort: Wied</dd><dd>"
        "Registriert: 2009-01-0{n}</dd></dl><div class=right><p>{text}</p></div></div></div>"
    )
    posts = "".join(post.format(n=n % 2, user=f"user{n}", text=t) for n, t in enumerate(PROSE))
    said = thread(posts)
    assert [line for line in said if line[:4] == "user"] == [f"user{n}" for n in range(len(PROSE))]
    assert not any("Registriert" in line for line in said)


def test_answers_that_convince_little_are_posts_where_each_has_its_writer() -> None:
    texts = ("File it, then listen to it.", "Leave it alone.", "It rings well enough, I say.")
    posts = "".join(LINED.format(user=f"u{n}x", text=t, day=n) for n, t in enumerate(texts))
    asked = LINED.format(user="asks", text=PROSE[0], day=9)
    assert all(text in thread(asked + posts) for text in texts)


def test_teasers_of_other_articles_with_their_writers_are_no_posts() -> None:
    own = "".join(f"<p>{text}</p>" for text in PROSE)
    teaser = (
        "<article class='entry small'><h3><a href=/{n}>A tower leans</a></h3><p><a class=author"
        " href=/author/{n}>By Ode {n}</a></p><p>The tower of our town has begun to lean again.</p>"
        "</article>"
    )
    page = (
        f"<article class='entry whole'><p><a class=author href=/author/9>By Nina</a></p>{own}"
        f"</article><section class=more>{''.join(teaser.format(n=n) for n in range(4))}</section>"
    )
    assert not any("lean again" in line for line in thread(page))


@pytest.mark.parametrize(
    ("above", "is_thread"),
    [
        (f"<p class=ask>{PROSE[0]}</p>", True),
        (f"<p class=ask>{PROSE[0]}</p><h3>5 comments</h3>", False),
        ("".join(f"<p class=ask>{text}</p>" for text in PROSE), False),
    ],
)
def test_a_question_above_the_posts_makes_no_article_with_comments(
    above: str, is_thread: bool
) -> None:
    answers = ("File it, and listen.", *(f"{text} And that is all." for text in PROSE), "No.")
    post = "<div class=row><p><a class=nickname href=/u/{n}>u{n}x</a></p><div>{text}</div></div>"
    posts = "".join(post.format(n=n, text=text) for n, text in enumerate(answers))
    page = f"<html><body><h1>{TITLE}</h1><main><div>{above}</div>{posts}</main></body></html>"
    found = analyse(PageInput(page.encode(), "https://bells.example/a/12", "text/html"))
    decide(found.page, titles=found.titles, known=frozenset())
    assert found.page.is_thread is is_thread


def test_signatures_of_functions_in_the_topics_of_a_manual_are_its_text() -> None:
    topics = "".join(
        f"<div class=topic><div class=signature>ring_{n}(bell)</div><p>{text}</p></div>"
        for n, text in enumerate(PROSE)
    )
    said = thread(f"<div class=rst-content>{topics}</div>")
    assert all(f"ring_{n}(bell)" in said for n in range(len(PROSE)))


def on_a_board(post: str, texts: tuple[str, ...] = ANSWERS, **said: str) -> list[str]:
    posts = "".join(
        post.format(user=f"user{n}", text=text, day=n + 1, **said) for n, text in enumerate(texts)
    )
    return thread(posts, "https://bells.example/forum/12")


@pytest.mark.parametrize(
    "line",
    [
        "<div>by <a href=/user/view.php?id={day}>{user}</a> - Monday, {day} May 2024, 09:41</div>",
        "<h4 class=note>Updated by <a href=/users/{day}>{user}</a> {day} weeks ago</h4>",
        "<p><a href=/@{user}/11{day}>5w</a> <a href=/@{user}>{user}</a></p>",
        "<div><span class=nr>Comment {day}</span> <b class=fn>{user}</b> 2024-05-0{day}</div>",
        "<p><b><a href='/index.php?action=profile;n={day}'>{user}</a></b></p>",
        "<a href=/@{user}><div><img src=/a.png></div><span class=display-name><b>{user}</b></span>"
        "</a>",
    ],
    ids=["with the day", "updated by", "address of a post", "a card", "by action", "display name"],
)
def test_a_post_is_led_by_the_name_alone_however_its_line_is_written(line: str) -> None:
    post = f"<article class=post-container>{line}<div><p>{{text}}</p></div></article>"
    led = [said for n, text in enumerate(ANSWERS) for said in (f"user{n}", text)]
    assert on_a_board(post) == led


def test_posts_of_a_board_in_cells_without_classes_are_led_by_their_names() -> None:
    post = (
        "<div class=cell><table><tr><td><img src=/a.png></td><td><div><a href=#>Thank</a></div>"
        "<strong><a href=/member/{user}>{user}</a></strong> <span>{day} days ago</span>"
        "<div>{text}</div></td></tr></table></div>"
    )
    said = on_a_board(post)
    assert [line for line in said if line[:4] == "user"] == [
        f"user{n}" for n in range(len(PROSE) + 1)
    ]


def test_whom_a_post_greets_leads_it_not_and_the_greeting_stays() -> None:
    post = (
        "<article class=post-container><p><a class=username>{user}</a></p><div><p>Thanks <a"
        " href=/u/ode>@ode</a> for all of this</p><p>{text}</p></div></article>"
    )
    assert on_a_board(post)[1::3] == ["Thanks @ode for all of this"] * len(ANSWERS)


def test_who_posted_last_leads_no_first_post() -> None:
    head = "<p>6.5K views 5 replies last post by <a href=/members/ode>Ode</a> Jun 5, 2024</p>"
    post = "<div class=post><p><a class=username>{user}</a></p><p>{text}</p></div>"
    posts = "".join(post.format(user=f"user{n}", text=text) for n, text in enumerate(PROSE))
    assert "Ode" not in thread(head + posts, "https://bells.example/forum/12")


@pytest.mark.parametrize(("is_board", "times"), [(True, 2), (False, 1)])
def test_what_a_post_quotes_of_another_stays_and_a_pull_quote_of_an_article_goes(
    is_board: bool, times: int
) -> None:
    quoted = PROSE[0][: len(PROSE[0]) // 2]
    body = f"{PROSE[0]}</p><p>{PROSE[1]}</p><blockquote><p>{quoted}</p></blockquote><p>{PROSE[2]}"
    posts = LINED.format(user="ode", text=f"<p>{body}</p>", day=1)
    posts += LINED.format(user="nina", text="File it, then listen to it.", day=2)
    said = thread(posts, f"https://bells.example/{'forum' if is_board else 'a'}/12")
    assert " ".join(said).count(quoted) == times


def test_replies_are_not_lost_where_the_first_post_stands_outside_of_their_make() -> None:
    first = f"<div class=op><div class=content>{'</div><div>'.join(PROSE)}</div></div>"
    reply = (
        "<div class=commentthread_comment><a href=#{day}>#{day}</a><div><a class=author_link>{user}"
        "</a> <span>{day} May</span></div><div class=commentthread_text>{text}</div></div>"
    )
    texts = (
        "I would not file it. Ask the man who cast it, he is still alive, and he knows the alloy.",
        "We had ours turned round by a quarter, and since then it rings as it did in our youth.",
    )
    replies = "".join(
        reply.format(user=f"user{n}", text=text, day=n + 1) for n, text in enumerate(texts)
    )
    said = thread(f"{first}<div>{replies}</div>", "https://bells.example/discussions/12")
    assert all(text in said for text in texts)


def test_lines_that_every_post_has_with_other_numbers_go_though_they_are_long() -> None:
    post = (
        "<div class='post_block b{day}'><h3><a class=name href=/user/{user}>{user}</a></h3><div"
        " class=post_body><p class=info>Posted {day} October 2013 - 09:4{day} AM</p><div"
        " class=entry><p>{text}</p><p class=edit>Last edited by Ode on Thu Oct 16, 2025 7:02 am,"
        " edited {day} times in total.</p></div></div></div>"
    )
    led = [said for n, text in enumerate(ANSWERS) for said in (f"user{n}", text)]
    assert on_a_board(post) == led


def test_lines_of_posts_that_do_not_call_themselves_so_go_by_the_names_in_them() -> None:
    post = (
        "<div class='cell row'><h2><span>Nr. {day}</span> <a href=#{day}>2025-10-0{day} 18:18</a>"
        "</h2><div class=inside><div class=left><b><a href=/profile.php?id={day}>{user}</a></b>"
        "</div><div class=right><h3 class=again>How do I tune a bell, of all things?</h3>"
        "<div class=said><p>{text}</p></div></div></div></div>"
    )
    said = on_a_board(post)
    assert [line for line in said if line not in ANSWERS] == [
        f"user{n}" for n in range(len(ANSWERS))
    ]


def test_listings_that_are_much_alike_in_the_posts_of_a_thread_stay() -> None:
    texts = tuple(
        f"{text}</p><pre>def ring(bell):\n    bell.tune({n})\n    return bell</pre><p>So."
        for n, text in enumerate(PROSE)
    )
    said = " ".join(on_a_board(LINED.replace("{text}", "<p>{text}</p>"), texts))
    assert all(f"bell.tune({n})" in said for n in range(len(PROSE)))


def test_a_writer_named_beside_a_post_and_in_its_head_leads_it_once() -> None:
    post = (
        "<div class='post bg{day}'><dl class=postprofile><dt><a class=username href=/u/{user}>"
        "{user}</a></dt></dl><div class=postbody><p class=author>by <a class=username"
        " href=/u/{user}>{user}</a> » Thu Nov {day}, 2026 7:00 pm</p><div class=content>{text}"
        "</div></div></div>"
    )
    assert lines(post) == [said for n, text in enumerate(ANSWERS) for said in (f"user{n}", text)]


EVENT: Final = "<div class=row><a href=/ode>ode</a> closed this on Nov {day}</div>"
NAMED: Final = (
    "<div class=box><div class=who><a href=/u/{user}>{user}</a></div>"
    "<div class=markdown><p>{text}</p></div></div>"
)


def issue(beside: str) -> str:
    posts = "".join(
        NAMED.format(user=f"user{n}", text=text) + EVENT.format(day=n + 1)
        for n, text in enumerate(ANSWERS)
    )
    page = (
        f"<html><body><h1>{TITLE}</h1><div>Closed</div><main>{posts}</main>{beside}</body></html>"
    )
    return clean_page(
        PageInput(page.encode(), "https://bells.example/o/b/issues/12", "text/html", title=TITLE)
    ).text


def test_who_closed_an_issue_and_whom_it_is_assigned_to_stand_in_no_post() -> None:
    text = issue("<aside><h3>Assignees</h3><div>No one assigned</div><h3>Labels</h3></aside>")
    assert all(said in text for said in ANSWERS)
    assert not any(said in text for said in ("closed this", "Closed", "Assignees", "No one"))


def test_what_a_member_says_whose_name_is_gone_stays_among_the_posts() -> None:
    nameless = "<div class=box><div class=markdown><p>Thanks, that was it.</p></div></div>"
    assert "Thanks, that was it." in issue(nameless)


def test_rules_above_the_topic_are_no_post_though_they_are_written_like_one() -> None:
    rules = "<div class=side><div class=md><p>A place for whoever has a bell.</p></div></div>"
    post = "<div class=c><a class=author>{user}</a><div class=md><p>{text}</p></div></div>"
    said = "".join(post.format(user=f"user{n}", text=text) for n, text in enumerate(ANSWERS))
    page = f"<html><body>{rules}<h1>{TITLE}</h1><main>{said}</main></body></html>"
    article = clean_page(
        PageInput(page.encode(), "https://bells.example/forum/12", "text/html", title=TITLE)
    )
    assert "whoever has a bell" not in article.text
    assert all(text in article.text for text in ANSWERS)
