"""The fifteen kinds of official documents and what each demands. Pure.

Legal source: Regulations on the handling of official documents (2012) arts. 8, 9, 15; layout of
GB/T 9704-2012.
"""

from __future__ import annotations

from dataclasses import dataclass

UP, DOWN, LEVEL, OPEN = "up", "down", "level", "open"


@dataclass(frozen=True)
class Kind:
    """One kind. `directions` are the ways it may go: up to a superior organ, down, between equals,
    or open to everybody; the first is the usual one.

    A request (`is_request`) deals with one matter, goes to one organ and names whom to ask; a paper
    that `must_not_request` only reports; a `is_reply` names the number of what it answers.
    """

    key: str
    title: dict
    directions: tuple[str, ...]
    is_request: bool = False
    must_not_request: bool = False
    is_reply: bool = False
    needs_addressee: bool = True
    is_signed: bool = True


def _kind(key: str, zh: str, en: str, *directions: str, **more) -> tuple[str, Kind]:
    return key, Kind(key, dict(zh=zh, en=en), directions, **more)


KINDS: dict[str, Kind] = dict(
    (
        _kind("resolution", "\u51b3\u8bae", "Resolution", OPEN, DOWN, needs_addressee=False),
        _kind("decision", "\u51b3\u5b9a", "Decision", DOWN, OPEN, needs_addressee=False),
        _kind("order", "\u547d\u4ee4", "Order", OPEN, DOWN, needs_addressee=False),
        _kind("communique", "\u516c\u62a5", "Communiqu\u00e9", OPEN, needs_addressee=False),
        _kind("proclamation", "\u516c\u544a", "Proclamation", OPEN, needs_addressee=False),
        _kind("announcement", "\u901a\u544a", "Announcement", OPEN, needs_addressee=False),
        _kind("opinion", "\u610f\u89c1", "Opinion", DOWN, UP, LEVEL),
        _kind("notice", "\u901a\u77e5", "Notice", DOWN, LEVEL),
        _kind("circular", "\u901a\u62a5", "Circular", DOWN),
        _kind("report", "\u62a5\u544a", "Report", UP, must_not_request=True),
        _kind("request", "\u8bf7\u793a", "Request", UP, is_request=True),
        _kind("reply", "\u6279\u590d", "Reply", DOWN, is_reply=True),
        _kind("bill", "\u8bae\u6848", "Bill", UP, LEVEL),
        _kind("letter", "\u51fd", "Letter", LEVEL),
        _kind("minutes", "\u7eaa\u8981", "Minutes", OPEN, DOWN, LEVEL,
              needs_addressee=False, is_signed=False),
    )
)  # fmt: skip


def kind_of(key: str) -> Kind | None:
    """The kind with this key, or None."""
    return KINDS.get(key)
