"""What an organ is called, for whoever shows or tells it."""

from __future__ import annotations

from .i18n import pick


def organ_text(organ) -> dict[str, str]:
    """The name of an organ, or of a division, in both languages; the Chinese one where there is no
    other.
    """
    return {"zh": organ.name, "en": organ.name_en or organ.name}


def organ_words(organ) -> str:
    """The same in the reader's language; "" for None."""
    return pick(organ_text(organ)) if organ else ""
