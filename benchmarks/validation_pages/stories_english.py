"""Stories in English, in the shapes that people write: reports, a recipe, an interview, notes.

A line is a block: `## ` a heading, `> ` a quotation, `- ` an item, `+ ` a numbered item, `| ` cells
of a table, a tab a line of code, `! ` the caption of a picture; all else are paragraphs. `[words]`
link, `*words*` are strong.
"""

from __future__ import annotations

from typing import Final

STORIES: Final = (
    """The ferry that would not sink
Marta Lindqvist
For sixty-one years the Alma has carried cars, cows and wedding parties across the strait between Hult and the island, and for the last nine of them her owners have been trying to get rid of her.
The first buyer wanted a restaurant. He came with drawings, stayed for two days, and left after the second night, when the harbour ice began to sing against the hull. The second wanted scrap. He was told what the asbestos would cost him and was not seen again.
! The Alma at her berth in Hult, where she has lain since the bridge was opened. Photo: J. Brandt
"She is in better health than I am," says Otto Brandt, 84, who was her engineer until the bridge made them both redundant. He still goes aboard each morning, turns the main shaft by a quarter, and writes it into a book that nobody has asked him to keep.
> A ship that is not turned forgets how. So I turn her.
The municipality has now given the ferry until the spring. After that, said its chief clerk, Eva Noll, "we will have to find a solution, and the solution will probably be a tow."
## A committee of eleven
In the meantime a committee has been formed. It has eleven members, a bank account with 4,300 crowns in it and, since last week, a letter from a museum in Gdansk that would like to know how deep she draws.
She draws 2.9 metres. The museum's basin is three metres deep at low water.
Brandt has measured it twice on the chart. He does not say that it is enough, but on Sunday he was seen painting the name on her stern, in the old letters, with the care of a man who expects it to be read.""",
    """How we cut our build from forty minutes to six
Priya Raman
Last year our continuous integration took forty minutes on a good day. We did not notice how bad that was until a new colleague asked, in her first week, what people did while they waited. Nobody had a good answer.
This is what we changed, in the order in which it paid off.
## 1. Measure before you cut
We put a timestamp in front of every line of the log. That is all. It took one line:
\tmake all 2>&1 | ts -s '%.s' | tee build.log
The result surprised us. Eleven minutes went into downloading the same archive, four times.
## 2. Cache what never changes
Toolchains, vendored libraries and the base image now live in a cache that is keyed by the hash of a lock file:
\tkey="$(sha256sum deps.lock | cut -c1-16)"
\trestore "toolchain-$key" || build_toolchain
Make sure that you never write to a cache from a branch. We did, once.
## 3. Run the tests that can fail
- Tests whose inputs did not change are skipped.
- Tests that failed last time run first.
- Everything runs at night, whatever happened by day.
If you do only one thing, do the second: a red build that is red after ninety seconds is worth more than a green one after forty minutes.
## What it cost
Three weeks of one engineer, and about [two hundred lines] of shell. We saved some 1,900 hours of waiting in the first quarter.
Is six minutes good enough? No. But we have stopped making coffee.""",
    """Grandmother's plum dumplings
Hana Vesela
My grandmother made these on the second Sunday in September, when the plums were so ripe that they had to be carried home in a bowl of water. She never weighed anything. I have, so that you don't have to guess.
They are best eaten at once, with too much butter, and preferably outside.
! Dumplings with browned butter and poppy seed
## Ingredients
- 500 g floury potatoes, boiled the day before
- 150 g flour, and some for the board
- 1 egg
- a pinch of salt
- 12 small plums
- 12 lumps of sugar
- 100 g butter
## Method
+ Press the potatoes through a ricer while they are cold. Warm ones make glue.
+ Work in the flour, the egg and the salt until the dough just holds together, and no longer than that.
+ Stone the plums, put a lump of sugar where the stone was, and wrap each one in a piece of dough.
+ Simmer them for twelve minutes. They are done when they have been afloat for five.
+ Brown the butter and pour it over them.
## Can they be frozen?
Yes, raw, on a tray, and then in a bag. Put them into the water as they are and give them five minutes more.
Don't try it with peaches. I did, and we don't talk about it.""",
    """Rovers throw away two-goal lead in the rain
Tom Ashdown
*Millbrook Rovers 2, Carrow Town 3*
Rovers will wonder for a long time how they lost this one. Two goals up after half an hour and playing against ten men, they let in three in the last eleven minutes and walked off to the sound of their own supporters laughing.
It had begun so well. Lee Okafor headed in a corner in the ninth minute, and when Danny Price was brought down on the half-hour, the penalty and the red card seemed to settle the matter.
Then it rained.
By the hour the ball was stopping dead in the puddles on the east side, and Carrow, who had come with nothing else in mind, began to hit it long. Their first, on 79 minutes, was a cross that stuck. Their second was a back-pass that did.
"I have been in this game for thirty years and I have never seen a ball float," said the Rovers manager, Alan Crewe. "The lads were asking me whether they should swim for it."
The winner, in added time, had some class about it: Marek Dudek turned on the edge of the area, waited for the spray to clear, and put it in off the post.
Carrow stay sixth. Rovers, without a win since August, are at home to the league leaders on Tuesday.
*Attendance: 412*""",
    """"I still read the last page first"
Nina Okonkwo
Adaeze Bell has translated forty-three novels out of five languages. Her version of Simonsen's The Ice Road is on this year's shortlist. We spoke in her kitchen, which has more dictionaries than plates.
*You have said that you never read a book before you translate it. Is that true?*
It was true for about ten years, and it was vanity. I wanted to be surprised, like a reader. Then I spent four hundred pages making a character charming who turns out to be the murderer. I had to go back and take the charm out with tweezers.
*And now?*
Now I read the last page first, and then the rest.
*What can't be translated?*
Everything, if you look closely. But you learn to cheat. There is a word in the Simonsen for the sound that snow makes under a boot at minus twenty, and another for minus five. English has "crunch". So in my version people take off their gloves and put them on again. It says the same thing.
*Do machines worry you?*
They are very good at Tuesdays. By that I mean that they are good at what everybody says. A novel is what nobody said until then.
*What are you working on?*
A cookery book. Forty ways with cabbage. It is the hardest thing I have ever done: there is no plot to hide behind.
The Ice Road is published by Heron Press at £14.99. The prize will be awarded on 3 May.""",
    """Five small tools I use every day
Kofi Mensah
People keep asking what is on my laptop. The honest answer is: not much. These are the things that I would install first on a new one.
## 1. A stopwatch
Not a timer, not an app that praises me. I start it when I begin and I look at it when I think that I am done. I am usually wrong by half.
## 2. A plain text file called today.txt
It has three lines, never more. When a fourth thing comes up, one of the others has to go. What goes, goes to [tomorrow.txt], which I have never opened.
## 3. grep
You knew this was coming.
## 4. A mechanical keyboard, the quiet sort
My family asked for it. It cost more than the laptop that it is plugged into, and I regret nothing.
## 5. The off switch
At six. There is a school play, or a pan of rice, or it is raining and somebody has to look at it.
That's all. Tell me what I forgot: kofi at the usual place.""",
    """Council votes to keep swimming pool open until 2027
Rebecca Hale
The open-air pool in Barlow Road will not close this autumn. By nineteen votes to eleven the town council decided on Thursday night to pay for two more seasons, and to ask a consultant, once more, what should be done after that.
The decision came after three hours of debate and in front of a public gallery so full that some listened from the stairs, several of them with towels round their necks.
The pool, built in 1934, loses about 40,000 litres of water a day through cracks in its floor. Repairs would cost between £1.8m and £2.4m, according to a survey published in March.
"We are pouring money into a hole, and this time I am not using a figure of speech," said Councillor Graham Tice (Ind), who voted against.
Councillor Amina Yusuf (Lab) said that 61,000 people had swum there last year, more than had borrowed a book or visited the museum. "Nobody is asking whether the museum leaks," she said.
! Swimmers outside the town hall on Thursday. Picture: Barlow Echo
Numbers that were before the council:
| Year | Visitors | Loss |
| 2022 | 48,200 | £91,000 |
| 2023 | 55,900 | £84,500 |
| 2024 | 61,000 | £79,300 |
A petition with 7,412 signatures had been handed in on Monday. The pool opens for the season on 10 May.""",
    """Notes on a month without maps
Ivo Petrov
In October I moved to a city that I did not know and decided to learn it without a map. No phone, no paper, no asking the way twice in one street. I wanted to see how long it takes for a place to draw itself.
It takes nineteen days. Before that there were islands: the street with the bakery, the square where the trams turn, a long wall. I knew each of them, and I knew how to get home from each, but between them was fog.
On the nineteenth I came round a corner behind the hospital and there was the wall, from the other side. I stood there like an idiot. Two islands had become a coast.
> Getting lost is only a problem for those who are expected somewhere.
After that it went quickly, as it does with a jigsaw when the edge is done. By the end of the month I could have drawn you all of it, wrongly, but so that you would have found your way.
What I had not expected is that the fog was the best part. I miss it.
Last week a friend came and asked where the post office was. I told her, at once, with both hands. She thanked me and typed it into her phone.""",
)
