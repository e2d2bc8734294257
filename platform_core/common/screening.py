"""What people wrote, before it is published: numbers that name one of them are hidden. Pure.

Names cannot be told from other words; where it matters a person writes the text anew.
"""

import re

from security.identifiers import mask_numbers

# Bank cards, landlines, case and passport numbers, however they are divided.
LONG_NUMBER = re.compile(r"(?<![0-9*])[A-Z]{0,2}[0-9](?:[ -]?[0-9]){6,}X?(?![0-9*])")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def publishable(text: str) -> str:
    """`text` with citizen numbers and mobiles masked, and other long numbers and e-mail addresses
    taken out.
    """
    return LONG_NUMBER.sub("***", ADDRESS.sub("***", mask_numbers(text)))
