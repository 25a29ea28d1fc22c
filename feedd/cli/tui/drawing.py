"""A picture as terminals draw it; runs in a worker process, for pictures come from strangers.

kitty's graphics protocol takes PNG; sixel (DEC's, of the VT340) bands of six rows of pixels, a
colour at a time.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from feedd.errors import ParseError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 40_000_000
SIXEL_COLOURS = 128
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


Graphics = Literal["kitty", "sixel"]


class PictureJob(Struct, frozen=True):
    """A picture as it was fetched, how large it may be drawn, in pixels, and in which protocol."""

    data: bytes
    width: int
    height: int
    protocol: Graphics
    dark: bool


class DrawnPicture(Struct, frozen=True):
    """A picture ready to be sent: its size in pixels, and PNG or sixel data."""

    width: int
    height: int
    data: bytes


def draw(job: PictureJob) -> DrawnPicture:
    """The picture scaled down to the room there is. Raises ParseError."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(job.data), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise ParseError(f"a picture of more than {MAX_PIXELS:,} pixels")
            opened.draft("RGB", (job.width, job.height))
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ParseError(f"no picture that can be drawn ({error})") from None
    picture.thumbnail((job.width, job.height))
    plain = Image.new("RGBA", picture.size, "black" if job.dark else "white")
    plain.alpha_composite(picture)
    flat = plain.convert("RGB")
    if job.protocol == "sixel":
        return DrawnPicture(flat.width, flat.height, sixel(flat))
    png = io.BytesIO()
    flat.save(png, "PNG", compress_level=1)
    return DrawnPicture(flat.width, flat.height, png.getvalue())


def sixel(picture: Image) -> bytes:
    reduced = picture.quantize(SIXEL_COLOURS)
    width, height = reduced.size
    pixels = reduced.tobytes()
    palette = reduced.getpalette() or []
    out = [b'\x1bP0;1q"1;1;%d;%d' % (width, height)]
    used = sorted(set(pixels))
    for colour in used:
        red, green, blue = (part * 100 // 255 for part in palette[3 * colour : 3 * colour + 3])
        out.append(b"#%d;2;%d;%d;%d" % (colour, red, green, blue))
    for top in range(0, height, 6):
        rows = [pixels[y * width : (y + 1) * width] for y in range(top, min(top + 6, height))]
        for colour in sorted(set(b"".join(rows))):
            out.append(b"#%d%s$" % (colour, _band(rows, colour)))
        out.append(b"-")
    out.append(b"\x1b\\")
    return b"".join(out)


def _band(rows: list[bytes], colour: int) -> bytes:
    """The places of one colour in up to six rows: a sign a column, equal ones counted."""
    together = 0
    for number, row in enumerate(rows):
        table = bytearray(256)
        table[colour] = 1 << number
        together |= int.from_bytes(row.translate(bytes(table)))
    signs = bytes(bits + 63 for bits in together.to_bytes(len(rows[0])))
    return re.sub(rb"(.)\1{3,}", lambda run: b"!%d%s" % (len(run[0]), run[1]), signs, flags=re.S)


# ---------------------------------------------------------------- in the cells of a terminal


_PLACEHOLDER = "\U0010eeee"
# How kitty writes rows and columns of a placeholder: the first of its rowcolumn-diacritics.txt.
_DIACRITICS = (
    "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352"
    "\u0357\u035b\u0363\u0364\u0365\u0366\u0367\u0368\u0369\u036a\u036b\u036c\u036d\u036e\u036f"
)


class Picture(Struct, frozen=True):
    """A picture in the cells of a terminal. `number` is the colour by which kitty knows it; `sixel`
    draws it where the cursor is.
    """

    columns: int
    rows: int
    number: int = 0
    sixel: str = ""

    def row(self, row: int) -> str:
        """The characters that stand for a row of it; blanks for sixel."""
        if not self.number:
            return " " * self.columns
        marks = _DIACRITICS[row] + _DIACRITICS[0]
        return _PLACEHOLDER + marks + _PLACEHOLDER * (self.columns - 1)
