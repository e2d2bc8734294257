"""How officials are named to applicants: by surname and office, never in full."""

from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def _surnames() -> dict[str, str]:
    text = (Path(__file__).parent / "data" / "surnames.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(pair.split(":") for pair in " ".join(lines).split())


SURNAMES = _surnames()


def surname(name: str) -> str:
    """The family name of a Chinese name; the last word of a Latin one."""
    name = name.strip()
    if not name:
        return ""
    if name[0].isascii():
        return name.split()[-1]
    return name[:2] if len(name) > 2 and name[:2] in SURNAMES else name[0]


def officer_name(user) -> str:
    """Officer Shen; "the office" when nobody in particular acted."""
    family = surname(user.name or "") if user else ""
    if not family:
        return _("The office")
    if (get_language() or "").startswith("en"):
        family = family if family[0].isascii() else SURNAMES.get(family, "")
    return _("Officer %(name)s") % {"name": family} if family else _("A caseworker")


def organ_name(department) -> str:
    """The organ's name in the reader's language."""
    if department is None:
        return ""
    if (get_language() or "").startswith("en") and department.name_en:
        return department.name_en
    return department.name
