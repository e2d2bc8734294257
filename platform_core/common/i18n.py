"""Texts that come from manifests rather than from the catalogue: both languages side by side."""

from typing import Annotated

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


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
