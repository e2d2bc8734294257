"""What is wrong with a page in one hand: measured in the browser, told in words."""

from pathlib import Path

MEASURED = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").partition("\n")[2]


def faults(page) -> list[str]:
    """Everything wrong with the page for one hand: too wide, too small to touch, cut off, and what
    a long form is sent with out of the thumb's reach.
    """
    return page.evaluate(MEASURED)
