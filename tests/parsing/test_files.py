"""Files and pictures of an entry: what a player gets, and what a list shows."""

from __future__ import annotations

import json

import pytest

from feedd.model import Entry, ParserMode
from feedd.parsing import Document
from feedd.parsing.reading import parse

URL = "https://example.org/blog/feed.xml"
MODULES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    ' xmlns:googleplay="http://www.google.com/schemas/play-podcasts/1.0"'
)
BOTH: tuple[ParserMode, ...] = ("auto", "feedparser")


def read_item(item: str, parser: ParserMode = "auto") -> Entry:
    body = f'<rss version="2.0" {MODULES}><channel>{item}</channel></rss>'.encode()
    (entry,) = parse(Document(body, URL, parser=parser)).entries
    return entry


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ("1", 1),
        (" 12 ", 12),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("9" * 19, None),
        ("0" * 19 + "1", None),
        ("0", None),
        ("-1", None),
        ("1.5", None),
        ("१", None),
        ("", None),
    ],
)
def test_the_size_of_an_enclosure_is_one_that_can_be_stored_and_shown(
    said: str, length: int | None
) -> None:
    item = f'<item><enclosure url="https://e.org/a.mp3" type="audio/mpeg" length="{said}"/></item>'
    (enclosure,) = read_item(item).enclosures
    assert enclosure.length == length


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90", 90),
        ("90.6", 91),
        ("1:30", 90),
        ("01:00:01", 3601),
        ("1 hr 4 min", 3840),
        ("52 minutes", 3120),
        ("3h, 5m", 11_100),
        ("45s", 45),
        ("PT1H2M3.5S", 3723),
        ("52 dk", None),
        ("h", None),
        ("277:46:40", 1_000_000),
        ("1000001", None),
        ("0:00", None),
        ("1:2:3:4", None),
        ("1:x", None),
        ("-5", None),
        ("", None),
    ],
)
def test_how_long_an_episode_plays_is_read_in_every_form_that_podcasts_use(
    said: str, seconds: int | None
) -> None:
    item = (
        '<item><enclosure url="https://e.org/a.mp3" type="audio/mpeg" length="1"/>'
        f"<itunes:duration>{said}</itunes:duration></item>"
    )
    (enclosure,) = read_item(item).enclosures
    assert enclosure.duration_s == seconds


@pytest.mark.parametrize("parser", BOTH)
@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3723", 3723),
        ("1:02:03", 3723),
        ("62:03", 3723),
        ("00:10:05", 605),
        (" 605 ", 605),
        ("90.6", 91),
        ("0", None),
        ("", None),
        ("an hour", None),
        ("1:2:3:4", None),
        ("-5", None),
        ("٣", None),
        ("9" * 400, None),
    ],
)
def test_how_long_an_episode_plays(said: str, seconds: int | None, parser: ParserMode) -> None:
    item = (
        f'<item><enclosure url="https://x.example/1.mp3" type="audio/mpeg"/>'
        f'<enclosure url="https://x.example/notes.pdf"/>'
        f"<itunes:duration>{said}</itunes:duration></item>"
    )
    first, other = read_item(item, parser).enclosures
    assert (first.duration_s, other.duration_s) == (seconds, None)


@pytest.mark.parametrize("parser", BOTH)
def test_an_episode_has_its_numbers_and_its_picture(parser: ParserMode) -> None:
    numbers = "<itunes:season>2</itunes:season><itunes:episode>05</itunes:episode>"
    cover = '<itunes:image href="/cover.jpg"/>'
    entry = read_item(f"<item>{numbers}{cover}</item>", parser)
    assert (entry.season, entry.episode) == (2, 5)
    assert entry.image == "https://example.org/cover.jpg"
    thumbnails = '<media:thumbnail url=""/><media:thumbnail url="https://x.example/t.jpg"/>'
    entry = read_item(f"<item>{cover}{thumbnails}</item>", parser)
    assert entry.image == "https://x.example/t.jpg"
    entry = read_item("<item><itunes:episode>last</itunes:episode></item>", parser)
    assert (entry.season, entry.episode, entry.image) == (None, None, None)


def test_json_feed_tells_pictures_and_lengths_too() -> None:
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "t",
            "items": [
                {
                    "id": "1",
                    "image": "https://x.example/1.jpg",
                    "banner_image": "https://x.example/2.jpg",
                    "attachments": [
                        {"url": "https://x.example/1.mp3", "duration_in_seconds": 6629},
                        {"url": "https://x.example/2.mp3", "duration_in_seconds": "long"},
                    ],
                },
                {"id": "2", "banner_image": "https://x.example/2.jpg"},
            ],
        }
    ).encode()
    first, second = parse(Document(body, URL)).entries
    assert (first.image, second.image) == ("https://x.example/1.jpg", "https://x.example/2.jpg")
    assert [file.duration_s for file in first.enclosures] == [6629, None]


@pytest.mark.parametrize("parser", BOTH)
def test_what_two_elements_say_of_one_file_is_known_of_it(parser: ParserMode) -> None:
    item = (
        '<item><enclosure url="https://e.example/1.mp3" length="1000" type="audio/mpeg"/>'
        '<media:content url="https://e.example/1.mp3" fileSize="7" duration="61"/></item>'
    )
    (file,) = read_item(item, parser).enclosures
    assert (file.length, file.type, file.duration_s) == (1000, "audio/mpeg", 61)


@pytest.mark.parametrize("parser", BOTH)
def test_a_file_is_had_from_its_publisher_and_not_from_who_counted_it(parser: ParserMode) -> None:
    counted = '<enclosure url="https://count.example/~5/1.mp3" length="9" type="audio/mpeg"/>'
    original = "https://e.example/1.mp3"
    origin = f"<feedburner:origEnclosureLink>{original}</feedburner:origEnclosureLink>"
    (file,) = read_item(f"<item>{counted}{origin}</item>", parser).enclosures
    assert (file.url, file.length) == (original, 9)
    two = f'<item>{counted}<enclosure url="https://count.example/~5/2.mp3"/>{origin}</item>'
    assert original not in [file.url for file in read_item(two, parser).enclosures]


@pytest.mark.parametrize("parser", BOTH)
@pytest.mark.parametrize(
    ("item", "picture"),
    [
        ('<media:content medium="image" url="/a"/>', "https://example.org/a"),
        ('<media:content type="image/webp" url="/a"/>', "https://example.org/a"),
        ('<media:content width="140" url="/a.jpg?s=1"/>', "https://example.org/a.jpg?s=1"),
        ('<enclosure type="image/png" length="1" url="/a"/>', "https://example.org/a"),
        ('<media:content url="/a.jpg"/><media:thumbnail url="/small"/>',
         "https://example.org/small"),
        ('<media:group><media:content type="video/mp4" url="/a.mp4"/>'
         '<media:content type="image/png" url="/a"/></media:group>', "https://example.org/a"),
        ('<media:content medium="video" url="/a.jpg"/>', None),
        ('<enclosure type="audio/mpeg" length="1" url="/a.mp3"/>', None),
        ('<media:content url="/read?file=a.jpg"/>', None),
        ('<media:content medium="image" url="https://0.gravatar.com/avatar/7?s=96"/>', None),
    ],
)  # fmt: skip
def test_a_file_that_is_a_picture_is_the_picture_where_no_other_is_named(
    item: str, picture: str | None, parser: ParserMode
) -> None:
    assert read_item(f"<item><title>t</title>{item}</item>", parser).image == picture


@pytest.mark.parametrize("parser", BOTH)
@pytest.mark.parametrize(
    ("item", "picture"),
    [
        ("<itunes:image>https://e.example/a.jpg</itunes:image>", "https://e.example/a.jpg"),
        ("<media:thumbnail> https://e.example/a.jpg </media:thumbnail>", "https://e.example/a.jpg"),
        ("<media:thumbnail>A boat</media:thumbnail>", None),
        ("<image>https://e.example/a.jpg</image>", "https://e.example/a.jpg"),
        ("<image><title>A boat</title><url>https://e.example/a.jpg</url></image>",
         "https://e.example/a.jpg"),
        ("<image><url>https://e.example/b.jpg</url></image><itunes:image href='/a.jpg'/>",
         "https://example.org/a.jpg"),
        ("<itunes:image href='/a.jpg'/><image>https://e.example/b.jpg</image>",
         "https://example.org/a.jpg"),
        ("<image><link>https://e.example/</link></image>", None),
        ("<googleplay:image href='/a.jpg'/>", "https://example.org/a.jpg"),
    ],
)  # fmt: skip
def test_a_picture_is_named_in_an_attribute_in_a_text_or_as_channels_name_theirs(
    item: str, picture: str | None, parser: ParserMode
) -> None:
    assert read_item(f"<item><title>t</title>{item}</item>", parser).image == picture


@pytest.mark.parametrize("parser", BOTH)
def test_rule_39_files_and_pictures_start_where_xml_base_says(parser: ParserMode) -> None:
    entry = read_item(
        "<item xml:base='https://b.example/x/'><title>t</title><enclosure url='1.mp3'/>"
        "<media:content xml:base='y/' url='2.mp4' type='video/mp4'/>"
        "<media:thumbnail url='t.jpg'/></item>",
        parser,
    )
    assert [file.url for file in entry.enclosures] == [
        "https://b.example/x/1.mp3",
        "https://b.example/x/y/2.mp4",
    ]
    assert entry.image == "https://b.example/x/t.jpg"


@pytest.mark.parametrize("parser", BOTH)
def test_a_file_whose_address_stands_as_text_is_one(parser: ParserMode) -> None:
    item = '<item><enclosure type="audio/mpeg" length="9"> https://e.example/1.mp3 </enclosure>'
    (file,) = read_item(f"{item}<title>t</title></item>", parser).enclosures
    assert (file.url, file.type, file.length) == ("https://e.example/1.mp3", "audio/mpeg", 9)
    nothing = "<item><title>t</title><enclosure type='audio/mpeg'>the file</enclosure></item>"
    assert read_item(nothing, parser).enclosures == ()


@pytest.mark.parametrize("parser", BOTH)
@pytest.mark.parametrize(
    ("files", "plays"),
    [
        ("image/jpeg a.jpg|audio/mpeg a.mp3", [None, 1800]),
        ("application/pdf a.pdf| a.bin|text/vtt a.vtt", [None, 1800, None]),
        ("application/x-bittorrent a.torrent", [1800]),
        ("audio/mpeg a.mp3|audio/ogg a.ogg", [1800, None]),
    ],
)
def test_how_long_an_episode_plays_is_said_of_what_can_be_played(
    files: str, plays: list[int | None], parser: ParserMode
) -> None:
    given = "".join(
        f'<enclosure type="{kind}" url="https://e.example/{name}"/>'
        for kind, _, name in (file.partition(" ") for file in files.split("|"))
    )
    item = f"<item>{given}<itunes:duration>30:00</itunes:duration></item>"
    assert [file.duration_s for file in read_item(item, parser).enclosures] == plays
