"""Texts that come from manifests rather than from the catalogue: both languages side by side."""

import re
from typing import Annotated

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

# With them a text reads differently from what it says, and turns what stands after it as well.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _straight(words: str) -> str:
    found = sorted({f"U+{ord(one):04X}" for one in _TURNING.findall(words)})
    if found:
        names = ", ".join(found)
        raise ValueError(
            _("Remove the characters that cannot be shown (%(names)s).") % {"names": names}
        )
    return words


Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(_straight),
]


class Text(BaseModel):
    """A text in Simplified Chinese and English; both are required."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: Words
    en: Words

    def __str__(self) -> str:
        return pick(self.model_dump())


def pick(text) -> str:
    """The text in the reader's language. Takes a Text, a {"zh", "en"} dict or a plain string."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    if isinstance(text, Text):
        text = {"zh": text.zh, "en": text.en}
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    return text.get(language) or text.get("zh") or text.get("en") or ""
