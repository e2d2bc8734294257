"""Several pictures as the pages of one PDF, in their order."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from .kinds import IMAGES

# A4 at 200 points an inch: small print stays readable, and twenty pages stay a few megabytes.
LONGEST_SIDE, DOTS = 2340, 200
QUALITY = 80
READABLE = sorted({IMAGES[ending] for ending in ("jpg", "png", "webp")})


class NotJoined(Exception):
    """`number` is the page, counted from 1, that cannot be read."""

    def __init__(self, number: int):
        super().__init__(str(number))
        self.number = number


def joined(pictures: list[BinaryIO], dots: int = DOTS) -> bytes:
    """The PDF; each picture upright on a page of its own, `dots` of it to an inch.

    Raises NotJoined.
    """
    out = BytesIO()
    for number, picture in enumerate(pictures, 1):
        # One page at a time: twenty photographs at once would not fit into a small machine.
        as_page(picture, number).save(
            out, "PDF", append=number > 1, resolution=dots, quality=QUALITY
        )
    return out.getvalue()


def as_page(picture: BinaryIO, number: int = 1) -> Image.Image:
    """A picture upright, on white and no larger than a page needs. Raises NotJoined(number)."""
    try:
        with Image.open(picture, formats=READABLE) as opened:
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            page = ImageOps.exif_transpose(opened)
            page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _on_white(page)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NotJoined(number) from None


def _on_white(page: Image.Image) -> Image.Image:
    """Without transparency, which a sheet of paper does not have."""
    if page.mode in ("RGBA", "LA", "PA") or "transparency" in page.info:
        page = page.convert("RGBA")
        white = Image.new("RGBA", page.size, "white")
        page = Image.alpha_composite(white, page)
    return page.convert("RGB")
