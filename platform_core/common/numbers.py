"""Whole numbers in what a browser sends, and how many are too few to be told."""

MOST_DIGITS = 9
# Of fewer somebody might be guessed, and a share of fewer says more of chance than of work.
SMALLEST_GROUP = 5


def whole(text, most_digits: int = MOST_DIGITS) -> int | None:
    """The number, or None for anything that is not one of at most so many plain digits.

    `str.isdigit` alone lets superscripts through, which `int` refuses, and numbers without end.
    """
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None
