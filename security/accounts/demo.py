"""The people of the demonstration. They are made, shown and let in only while DEMO is on.

Their numbers are well-formed but nobody's: the area 330113 began in 2021, so no one born before
carries it; organisation codes beginning with K are made up.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from security import identifiers

PASSWORD = "Zhejiang-demo-2026"  # noqa: S105 - printed on the sign-in page of the demonstration


@dataclass(frozen=True)
class Place:
    """A post of a demonstration person: department function, region code, titles, duties."""

    kind: str
    region: str
    title: str
    title_en: str
    duties: tuple[str, ...]
    is_head: bool = False


@dataclass(frozen=True)
class Person:
    """A demonstration person; `says` is what the sign-in page says about them, if it lists them."""

    username: str
    name: str
    says: dict[str, str] | None = None
    kind: str = "citizen"
    citizen_number: str = ""
    mobile: str = ""
    firms: tuple[str, ...] = ()
    acts_for: tuple[str, ...] = ()
    posts: tuple[Place, ...] = ()


@dataclass(frozen=True)
class DemoFirm:
    """A made-up firm."""

    name: str
    region: str
    credit_code: str


@cache
def _data() -> dict:
    path = Path(__file__).parent / "data" / "demo.json"
    return json.loads(path.read_text(encoding="utf-8"))


def secret_of(username: str) -> str:
    """The fixed secret of a demonstration person's authenticator app."""
    seed = hashlib.sha256(f"govplatform demonstration {username}".encode()).digest()
    return base64.b32encode(seed[:20]).decode()


def staffed_regions() -> list[str]:
    """Codes of the regions where every desk has a clerk, a reviewer and a head."""
    return list(_data()["staffed"])


def desks() -> list[str]:
    """Functions of the departments that are staffed there."""
    return list(_data()["desks"])


def firms() -> dict[str, DemoFirm]:
    """The made-up firms by key."""
    return {
        key: DemoFirm(
            firm["name"],
            firm["region"],
            identifiers.made_up_credit_code(f"91{firm['region']}", f"K{firm['serial']:07d}"),
        )
        for key, firm in _data()["firms"].items()
    }


@cache
def people() -> tuple[Person, ...]:
    """Everybody of the demonstration."""
    return tuple([*(_person(entry) for entry in _data()["people"]), *_desk_teams()])


def _person(entry: dict) -> Person:
    posts = ()
    if "desk" in entry:
        posts = (_place(entry["desk"], entry["region"], "clerk"),)
    number = ""
    if "born" in entry:
        first17 = f"330113{entry['born']}00{1 if entry['sex'] == 'male' else 2}"
        number = first17 + identifiers.citizen_check_char(first17)
    return Person(
        username=entry["username"],
        name=entry["name"],
        says=entry.get("says"),
        kind=entry.get("kind", "citizen"),
        citizen_number=number,
        mobile=entry.get("mobile", ""),
        firms=tuple(entry.get("firms", ())),
        acts_for=tuple(entry.get("acts_for", ())),
        posts=posts,
    )


def _desk_teams() -> list[Person]:
    """In every staffed region a clerk, a reviewer and a head, each with a post at every desk."""
    found = []
    for code, region in _data()["staffed"].items():
        for (duty, title), name in zip(_data()["duties"].items(), region["names"], strict=True):
            says = {
                "zh": f"{region['zh']} · {title['zh']}",
                "en": f"{title['en']} at every desk of {region['en']}",
            }
            found.append(
                Person(
                    username=f"{region['slug']}-{duty}",
                    name=name,
                    says=says if region.get("listed") else None,
                    kind="official",
                    posts=tuple(_place(desk, code, duty) for desk in desks()),
                )
            )
    return found


def _place(desk: str, region: str, duty: str) -> Place:
    title = _data()["duties"][duty]
    return Place(desk, region, title["zh"], title["en"], (duty,), is_head=duty == "head")
