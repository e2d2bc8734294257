"""Attachments as pages: which of them are joined to a paper's own, and as what. Reads only."""

from __future__ import annotations

from io import BytesIO

import structlog
from django.core.cache import cache
from django.template.defaultfilters import filesizeformat
from PIL import Image
from redis.exceptions import RedisError

from platform_core.capabilities.documents.typesetting import NoPages, Unprintable, pictures_of
from platform_core.capabilities.files.joining import NotJoined, as_page
from platform_core.capabilities.files.kinds import TYPES
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.selectors import open_content

from .elements import Annex, annexes
from .layout import Sheet
from .models import Attachment, Paper

log = structlog.get_logger(__name__)

# What is joined; whatever goes beyond is listed with its digest, so that a paper stays one file.
MOST_PAGES = 30
MOST_BYTES = 6 * 1024 * 1024
SIDES = (1240, 1754)
DOTS = 150  # an inch of such a page
QUALITY = 70
# How long it is remembered how many pages a file has, in seconds.
REMEMBERED = 24 * 3600
PICTURES = {TYPES[ending] for ending in ("jpg", "png", "webp")}
DRAWN = PICTURES | {TYPES["pdf"]}


def attached(paper: Paper, keys) -> dict[str, Attachment]:
    """{id: attachment} of those files of the paper, in the order of `keys`."""
    found = Attachment.objects.filter(paper=paper, pk__in=list(keys))
    found = found.select_related("file", "added_by")
    by_key = {str(one.pk): one for one in found}
    return {key: by_key[key] for key in keys if key in by_key}


def titles_of(paper: Paper, content: dict) -> dict[str, str]:
    """{id: title} of the files that `content` names."""
    return {key: one.title for key, one in attached(paper, content.get("files", ())).items()}


def entries(paper: Paper, content: dict) -> list[tuple[Annex, Attachment | None]]:
    """The attachments of `content` in their order, with their files."""
    files = attached(paper, content.get("files", ()))
    titles = {key: one.title for key, one in files.items()}
    return [(one, files.get(one.file)) for one in annexes(content, titles)]


def sheets(entries, *, is_whole: bool = True) -> tuple[Sheet, ...]:
    """What the layout prints of the attachments; without the pages of files when not `is_whole`."""
    pages, size, found = 0, 0, []
    for annex, one in entries:
        pictures = ()
        fits = one is not None and one.pages and pages + one.pages <= MOST_PAGES
        if is_whole and fits:
            try:
                pictures = tuple(pages_of(one.file))
            except (NoPages, NotJoined, FileNotFoundError) as error:
                # Listed instead, a sealed paper would lose its pages without a word.
                raise Unprintable(f"{one.pk}: {error!r}") from None
            if size + sum(map(len, pictures)) > MOST_BYTES:
                pictures = ()
        pages, size = pages + len(pictures), size + sum(map(len, pictures))
        found.append(_sheet(annex, one, pictures))
    return tuple(found)


def _sheet(annex: Annex, one: Attachment | None, pictures) -> Sheet:
    if one is None:
        return Sheet(annex.number, annex.title)
    ending = one.file.name.rpartition(".")[2]
    # The title, and not the file's own name: in public it is the one without personal data.
    return Sheet(
        annex.number, annex.title, pictures, f"{annex.title}.{ending}",
        filesizeformat(one.file.size).replace("\xa0", " "), one.file.sha256,
    )  # fmt: skip


def drawn_pages(user, paper: Paper | None, keys) -> dict[str, int]:
    """{id: number of pages} of those files of the paper, and of the user's own new ones, that
    nobody has counted yet. Left out is what waits for the virus scan, or had no time.

    The press draws them now, which takes seconds: call it before a transaction, never inside one.
    """
    known = {} if paper is None else attached(paper, keys)
    files = [one.file for one in known.values() if one.pages is None]
    own = StoredFile.objects.filter(pk__in=[key for key in keys if key not in known])
    files += own.filter(owner=user, subject_type="") if user else ()
    found = {}
    for file in files:
        if file.state != StoredFile.State.CLEAN:
            continue
        try:
            found[str(file.pk)] = count_pages(file)
        except Unprintable:
            continue
    return found


def count_pages(file: StoredFile) -> int:
    """How many pages the file can be joined with, 0 for none. Raises Unprintable without time.

    Bytes that were drawn are not drawn again for a day: what is refused and sent anew goes quickly.
    """
    if file.content_type not in DRAWN:
        return 0
    name = f"paper-pages:{file.sha256}:{MOST_PAGES}"
    try:
        return cache.get_or_set(name, lambda: _count(file), REMEMBERED)
    except RedisError as error:  # the press goes on without the cache
        log.warning("paper.pages.cache", error=type(error).__name__)
        return _count(file)


def _count(file: StoredFile) -> int:
    try:
        return len(pages_of(file))
    except (NoPages, NotJoined):
        return 0


def pages_of(file: StoredFile) -> list[bytes]:
    """The pages of a clean file as pictures (JPEG); none for a kind that has no fixed pages.

    Raises NoPages, NotJoined, Unprintable.
    """
    if file.content_type in PICTURES:
        with open_content(file) as content:
            return [_jpeg(as_page(content))]
    if file.content_type not in DRAWN:
        return []
    with open_content(file) as content:
        drawn = pictures_of(content.read(), most=MOST_PAGES)
    return [_jpeg(as_page(BytesIO(one), number)) for number, one in enumerate(drawn, 1)]


def _jpeg(page: Image.Image) -> bytes:
    page.thumbnail(SIDES if page.height >= page.width else SIDES[::-1])
    out = BytesIO()
    page.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
