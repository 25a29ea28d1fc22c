"""Stories whose words look like furniture and are none: what a cleaner must not drop."""

from __future__ import annotations

from typing import Final

STORIES: Final = (
    """Who pays for what you read
Ola Brink
Advertising was once the easy answer. A page had a price, a shop bought it, and whoever bought the paper for the football saw the shoes on the way there.
## Sponsored content, explained
An article that somebody has paid for has to say so. The word may be "sponsored", "promoted" or "partner"; what it may not be is small.
Share of revenue, last year, at the twelve papers that we asked:
| Source | Share |
| Subscriptions | 61 % |
| Advertisements | 22 % |
| Newsletters | 9 % |
| Everything else | 8 % |
Follow the money and you will find the reader. That is new. "For a hundred years we were polite to shops," says one editor. "Now we have to be polite to people."
Sign up for nothing today. Read what you have already paid for.
Most of it will still be there tomorrow.""",
    """Release 4.2: faster, smaller, and one thing fewer
Mina Osei
Version 4.2 is out. It starts in half the time, needs a third of the memory, and no longer speaks to printers.
## New
- `loom watch` sees renamed folders
- Logs can be written as JSON
- Turkish and Welsh
## Fixed
- A file of exactly 65,536 bytes was read twice
- Ctrl-C during an upload is heard
## Removed
- Printing. Use [loom-print] if you miss it.
## How to upgrade
Stop the old one first:
\tsystemctl stop loom
\tpip install --upgrade loom
\tsystemctl start loom
Your settings are kept. If you use the plug-in for maps, read the notes below before you do anything.
## Notes for users of maps
Tiles have moved. Set the address once:
\tloom config set tiles https://tiles.example.org
That is all. Thanks to everybody who reported, tested and complained.""",
    """Three days on the night train
Sam Oduya
*Monday*
The sleeper leaves at 22:14, or so it says on the board. At 22:40 a man with a lamp comes and says that it will be late.
I have a top bunk, a bottle of water and a book that I have been meaning to read since June.
*Tuesday*
Snow. We stand for two hours outside a town whose name is too long for its station. A woman sells tea from a bucket, which is better than it sounds.
The man in the bunk below snores in waltz time. I write it down:
> One two three, one two three, and then nothing at all for so long that you begin to worry.
*Wednesday*
The sea, all at once.
Somebody opens the window, although it says that it can't be opened, and for a while eight strangers stand there with their hair on end and say nothing.
Back home they ask how it was. Slow, I say. I would not have missed a minute.""",
    """An open letter to those who keep the clocks
Anna Quist
Dear keepers of the clocks,
We, who catch the early bus, ask you to stop moving the hour. We have asked before. You wrote back, politely, in the wrong week.
It is not the sleep. It is that twice a year everything in the house is wrong, from the oven to the dog, and nobody is to blame.
What we ask for is simple:
+ Choose one. We don't mind which.
+ Tell us once.
+ Then leave it alone.
We know that there are reasons. There always are. In 1916 it was coal, and in 1980 it was the neighbours. Today it is that nobody has got round to it.
Yours, with the dog,
- Anna Quist, bus driver, Leith
- Tomas Reng, baker, Hult
- Dr Wen Li, who gets up at four
- and 1,204 others""",
    """Saturday at the seed swap
Peter Hallam
Doors open at ten, and by five past there is no more pink fir apple to be had.
The rules are on the wall. Bring what you have. Take what you need. No money.
! The long table, ten minutes later
I brought beans. Everybody had brought beans. There were beans in jam jars, in egg boxes, in the toe of a sock, and every one of them came with a story about somebody's uncle.
"These came over from Poland in a hat," a man told me, and gave me eleven.
For tomatoes you have to know someone. I know Jean.
Next year it will be on the second Saturday in March again, at the Scout hut in Mill Lane. Come early. Wear layers. Don't bring beans.""",
)
