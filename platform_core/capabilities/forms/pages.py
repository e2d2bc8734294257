"""A paper of several pages, scanned or photographed one by one: put in order, taken anew, joined
into one document.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_core.capabilities.files import services as file_services
from platform_core.common.errors import Unusable
from security.actors import Actor

PICTURES = ("jpg", "jpeg", "png", "webp")
# So many pages may wait to be joined, however few documents the question takes.
MOST_PAGES = 20


def takes_pages(question) -> bool:
    """Whether the question takes pictures and the PDF that they become."""
    return "pdf" in question.accept and any(kind in question.accept for kind in PICTURES)


def most_files(question) -> int:
    """How many files may lie at a question before it is sent."""
    return max(question.max_files, MOST_PAGES) if takes_pages(question) else question.max_files


def moved_earlier(files: list[str], file_id: str) -> list[str]:
    """The files with this one a place earlier; the first one stays."""
    at = files.index(file_id) if file_id in files else 0
    if at < 1:
        return files
    return [*files[: at - 1], file_id, files[at - 1], *files[at + 1 :]]


def put_instead(
    files: list[str], file_id: str, new: list[str], actor: Actor, key: str
) -> list[str]:
    """The files with the `new` ones in the place of this one, which is dropped; `key` owns it."""
    if file_id not in files or not new:
        return [*files, *new]
    file_services.drop_file(actor=actor, file_id=file_id, owner_key=key)
    at = files.index(file_id)
    return [*files[:at], *new, *files[at + 1 :]]


def join(files: list[str], actor: Actor, key: str) -> list[str]:
    """The files with their pictures as one PDF, where the first of them was.

    Raises Unusable({"": [reason]}); everything then stays as it was.
    """
    made, gone = file_services.join_pictures(
        actor=actor, file_ids=files, owner_key=key, name=_("Scan, %(n)s pages")
    )
    if made is None:
        raise Unusable({"": [_("There are not two pictures here to join.")]})
    at = files.index(gone[0])
    rest = [one for one in files if one not in gone]
    before = sum(one not in gone for one in files[:at])
    return [*rest[:before], str(made.pk), *rest[before:]]
