"""What the town of Saltmere writes: channels and their stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["rss 0.91", "rss 1.0", "rss 2.0", "atom 0.3", "atom 1.0", "json feed"]

HOUR_S = 3600
DAY_S = 24 * HOUR_S


@dataclass(frozen=True, slots=True)
class Story:
    """One item. `age_s` says how long before the start of the demo it appeared; `body` is HTML."""

    slug: str
    title: str
    age_s: int
    author: str
    body: str

    @property
    def summary(self) -> str:
        """The first paragraph, as HTML."""
        return self.body.partition("<p>")[2].partition("</p>")[0]


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed. `full`: it carries whole stories; else their first paragraph only."""

    name: str
    title: str
    about: str
    format: Format
    full: bool
    stories: tuple[Story, ...]


GAZETTE = Channel(
    "gazette",
    "The Saltmere Gazette",
    "News of the town, twice a week",
    "rss 2.0",
    full=False,
    stories=(
        Story(
            "clock-tower",
            "The clock tower strikes again after eleven years",
            2 * HOUR_S,
            "Ada Wren",
            """
<p>At noon on Tuesday the clock of the old customs house struck twelve times, and half of the
market stopped to count. It had been silent since the winter of the long frost.</p>
<p>The repair took a watchmaker, two boat builders and a retired teacher of physics four months of
weekends. The worst of it, says Ines Okafor, who led them, was not the rust: it was that everyone
before them had mended the clock in a different way and had told nobody.</p>
<h2>What was wrong</h2>
<p>The pendulum was sound. Three other things were not:</p>
<ul>
<li>the escapement had been oiled with something that had turned to varnish,</li>
<li>one weight had been replaced by a bag of gravel, and the gravel had leaked,</li>
<li>a pair of jackdaws had built a nest around the hammer.</li>
</ul>
<p>The nest was moved, with the birds' consent, to the roof of the post office.</p>
<blockquote><p>A clock is a letter to whoever mends it next. Ours had no handwriting at
all.</p></blockquote>
<h2>What it keeps now</h2>
<p>The new record hangs inside the door, for whoever comes next:</p>
<table>
<tr><th>Week</th><th>Off by</th><th>Done about it</th></tr>
<tr><td>1</td><td>+41 s</td><td>two pennies off the pendulum</td></tr>
<tr><td>2</td><td>-6 s</td><td>one penny back on</td></tr>
<tr><td>3</td><td>+1 s</td><td>nothing, and tea</td></tr>
</table>
<p>The bells ring the hours from seven in the morning to nine in the evening. Complaints, writes
the council, may be addressed to the jackdaws.</p>
""",
        ),
        Story(
            "lantern-walk",
            "Lantern walk moves to the sea wall",
            26 * HOUR_S,
            "Tomas Reed",
            """
<p>This year's lantern walk leaves the crowded High Street and follows the sea wall from the slip to
the lighthouse, a little under two kilometres, all of it flat.</p>
<p>Lanterns can be made at the library on Saturday from ten. Bring a jar; wire, paper and glue are
there. Real flames are welcome in jars with lids, says the fire brigade, which will walk along with
buckets, for the look of it.</p>
<p>The walk starts when it is dark enough to see the first star, and if there are none, at six.</p>
""",
        ),
        Story(
            "bridge-toll",
            "Footbridge toll paid in stories, for a week",
            3 * DAY_S,
            "Ada Wren",
            """
<p>For one week the footbridge over the Mere can be crossed for nothing by anyone who leaves a story
in the box at its eastern end. The box holds about four hundred pages.</p>
<p>The harbour office thought of it when counting the coins began to cost more than the coins.
Stories need not be true, but they must end. The best will be read aloud on Sunday on the bridge
itself, and nobody is to cross while one is being read.</p>
""",
        ),
    ),
)

HARBOUR = Channel(
    "harbour",
    "Harbour Log",
    "Tides, arrivals and what the wind did",
    "rss 2.0",
    full=True,
    stories=(
        Story(
            "three-sails",
            "Three sails before breakfast",
            5 * HOUR_S,
            "Harbour office",
            """
<p>The <em>Marigold</em> at 05:40 with potatoes, the <em>Second Thought</em> at 06:15 with a family
of five and a piano, the <em>Kittiwake</em> at 06:50 with nothing, to fetch the piano's stool, which
had been left behind.</p>
<p>Wind south-west, three. Water at the slip 2.1 metres and rising.</p>
""",
        ),
        Story(
            "seal",
            "The seal is on the slip again",
            30 * HOUR_S,
            "Harbour office",
            """
<p>Please do not feed the seal. It has learned to tell the lunch hour by the customs house clock,
and now that the clock is right the seal is early.</p>
""",
        ),
    ),
)

BAKERY = Channel(
    "bakery",
    "Bread Today",
    "What is in the window at the bakery in Rope Lane",
    "rss 0.91",
    full=False,
    stories=(
        Story(
            "rye",
            "Dark rye, and why it is late",
            8 * HOUR_S,
            "Rope Lane Bakery",
            """
<p>The rye wanted another hour. We asked it politely to hurry; it did not. From ten o'clock there
are twenty loaves, and they are better for it.</p>
<p>A sourdough is a slow argument between flour and water. In cold weather the flour takes longer to
be persuaded, and a baker who shortens the talk gets a loaf that has only agreed to be bread.</p>
<p>Also in the window: caraway rolls, the seeded kind, and one lemon cake for whoever is first.</p>
""",
        ),
        Story(
            "buns",
            "Saffron buns until they are gone",
            2 * DAY_S,
            "Rope Lane Bakery",
            """
<p>Sixty this morning. The recipe came with the lighthouse keeper's grandmother, who weighed saffron
in whispers.</p>
<p>Steep the threads overnight in warm milk, not hot: hot milk takes the colour and leaves the
taste behind. They keep for a day, which we know from hearsay only.</p>
""",
        ),
    ),
)

LIBRARY = Channel(
    "library",
    "New on the Shelf",
    "The town library",
    "rss 1.0",
    full=False,
    stories=(
        Story(
            "tide-tables",
            "A hundred years of tide tables, scanned",
            11 * HOUR_S,
            "M. Castellan",
            """
<p>The tide tables from 1926 on can be read in the reading room, and the pencilled margins with
them: weather, births, the price of herring, and one proposal of marriage.</p>
<p>Whoever recognises a hand is asked to tell us. The proposal is at 14 June 1951, low water, and
was, as the entry for high water shows, accepted.</p>
""",
        ),
        Story(
            "lost-umbrella",
            "Umbrellas may now be borrowed like books",
            4 * DAY_S,
            "M. Castellan",
            """
<p>Forty umbrellas left behind since spring have been given shelf marks. They may be taken out for
two weeks and renewed if it is still raining.</p>
<p>The catalogue lists them under their colours. The transparent one is under poetry.</p>
""",
        ),
    ),
)

LIGHTHOUSE = Channel(
    "lighthouse",
    "Notes from the Lighthouse",
    "One keeper, one lamp, many evenings",
    "atom 1.0",
    full=True,
    stories=(
        Story(
            "fog",
            "On fog",
            7 * HOUR_S,
            "Noor Halloran",
            """
<p>People think that a lighthouse is for the dark. The dark is easy: a light is made for it. It is
fog that the house is here for, and in fog the lamp is nearly useless, and so we ring.</p>
<p>Last night it lay so thick on the stairs that I said good evening to it. You can hear
<a href="sounds/bell.ogg">the bell</a> as I recorded it from the gallery; the pause in the middle is
the kettle.</p>
""",
        ),
        Story(
            "arithmetic",
            "The arithmetic of a flash",
            5 * DAY_S,
            "Noor Halloran",
            """
<p>Our light says two short, one long, every fifteen seconds. Written down for a machine it is less
than a line:</p>
<pre><code>while dark():
    for flash in (0.4, 0.4, 1.6):
        lamp(flash)
        rest(1.2)
    rest(9.0)
</code></pre>
<p>The old keeper counted it on his fingers for thirty-one years and was never a beat out, except on
the night his daughter was born.</p>
""",
        ),
    ),
)

WORKSHOP = Channel(
    "workshop",
    "Bench Notes",
    "A repair shop for small engines and large clocks",
    "atom 0.3",
    full=True,
    stories=(
        Story(
            "left-hand-thread",
            "It was a left-hand thread",
            14 * HOUR_S,
            "Ines Okafor",
            """
<p>Two days, a new vice and a bruise. Before you reach for the long bar, try the other way. Write it
on the wall where you keep the long bar.</p>
""",
        ),
        Story(
            "grease",
            "A short table of greases",
            6 * DAY_S,
            "Ines Okafor",
            """
<p>For clocks: almost none. For hinges: a little. For bicycle chains: not grease. For the gears of
the tide mill: the whole tin, twice a year, and old clothes.</p>
""",
        ),
    ),
)

GARDEN = Channel(
    "garden",
    "The Walled Garden",
    "Sowing, waiting, and slugs",
    "json feed",
    full=True,
    stories=(
        Story(
            "beans",
            "Climbing beans, and what they climb",
            9 * HOUR_S,
            "Jun Park",
            """
<p>They were given strings. They have taken the drainpipe, the bicycle and one leg of the bench. We
have stopped sitting on the bench at night.</p>
""",
        ),
        Story(
            "slugs",
            "A truce with the slugs",
            2 * DAY_S,
            "Jun Park",
            """
<p>They get the outer leaves and the row nearest the wall. We get the rest, and do not come out with
lanterns any more. It has held for nine days.</p>
""",
        ),
    ),
)

OBSERVATORY = Channel(
    "observatory",
    "Clear Skies",
    "The observatory on Gull Hill",
    "rss 2.0",
    full=True,
    stories=(
        Story(
            "comet",
            "A comet, low in the west, for three evenings",
            18 * HOUR_S,
            "Gull Hill",
            """
<p>Look a hand's breadth above the church after sunset. It is fainter than you hope and longer than
you think. The dome is open from six; soup is at eight, or when a cloud comes.</p>
""",
        ),
        Story(
            "address",
            "We have moved our pages",
            20 * HOUR_S,
            "Gull Hill",
            """
<p>The old address still leads here. Readers that follow it will find us, and good ones will
remember.</p>
""",
        ),
    ),
)

FERRY = Channel(
    "ferry",
    "Ferry Announcements",
    "The slow ferry to Lower Saltmere",
    "atom 1.0",
    full=True,
    stories=(
        Story(
            "late",
            "The 08:10 will leave when it is ready",
            4 * HOUR_S,
            "Ferry office",
            """
<p>The engine is being spoken to. Passengers are welcome to wait in the boiler room, which is warm,
or in the café, which is not, but has cake.</p>
""",
        ),
    ),
)

KITCHEN = Channel(
    "kitchen",
    "Soup & Company",
    "A kitchen that writes its feed by hand",
    "rss 2.0",
    full=True,
    stories=(
        Story(
            "leek",
            "Leek & potato, the long way",
            12 * HOUR_S,
            "Soup & Company",
            """
<p>Sweat the leeks for as long as a side of a record. Turn the record over. Now the potatoes.</p>
""",
        ),
        Story(
            "stock",
            "Never salt the stock",
            3 * DAY_S,
            "Soup & Company",
            """
<p>You can always add salt and you can never take it out, whatever they say about the raw potato.
The raw potato is only there to keep you company.</p>
""",
        ),
    ),
)

BELLS = Channel(
    "bells",
    "The Bells",
    "What the customs house clock strikes",
    "json feed",
    full=True,
    stories=(
        Story(
            "practice",
            "Bell practice tonight",
            16 * HOUR_S,
            "The ringers",
            "<p>From seven to eight, with the windows shut, as far as they will.</p>",
        ),
    ),
)

STRUCK = Story(
    "struck",
    "The clock has just struck: one more item, while you watch",
    0,
    "The ringers",
    "<p>This item was not there a moment ago. The daemon found it on its own.</p>",
)
"""What the bells add while the daemon runs."""

CHANNELS = (
    HARBOUR,
    BAKERY,
    LIBRARY,
    LIGHTHOUSE,
    WORKSHOP,
    GARDEN,
    OBSERVATORY,
    FERRY,
    KITCHEN,
    BELLS,
    GAZETTE,
)
SHARED = (GAZETTE.stories[1], LIBRARY)
"""A story that a second channel carries as well, under the same link."""
