"""Rules about people that need no database."""

from __future__ import annotations


def follow_kind(user) -> None:
    """Set the admin site's flags by the kind of person, so that nobody keeps a right of an
    earlier kind.

    Administrators and auditors enter the admin site; only administrators have all rights there.
    The powers stay apart: whoever is an auditor changes nothing, whoever is a citizen or civil
    servant does not enter.
    """
    user.is_staff = user.kind in {"admin", "auditor"}
    user.is_superuser = user.kind == "admin"
