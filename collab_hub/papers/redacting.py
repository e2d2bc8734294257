"""Redacted versions of files: what everybody gets in the place of an attachment. Reads and draws,
writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from platform_core.capabilities.documents.typesetting import NoPages, Unprintable
from platform_core.capabilities.files.joining import NotJoined, joined
from platform_core.capabilities.files.kinds import TYPES
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.selectors import is_owner, open_content
from platform_core.common.errors import Unusable

from .annexing import DOTS, DRAWN, MOST_PAGES, PICTURES, attached, pages_of
from .elements import clean
from .models import Attachment
from .redaction import missing_in, must_go

TEXTS = {TYPES["txt"], TYPES["csv"]}


@dataclass(frozen=True)
class Redacted:
    """What is published in the place of `original`: the file that was given, or, of a PDF and a
    picture, the `content` drawn anew from its looks. `is_known` when an earlier proposal brought
    it.
    """

    original: Attachment
    file: StoredFile
    pages: int = 0
    content: bytes = b""
    is_known: bool = False

    @property
    def name(self) -> str:
        """The name of the file as it is kept."""
        is_picture = self.content and self.file.content_type in PICTURES
        return self.file.name.rpartition(".")[0] + ".jpg" if is_picture else self.file.name


def redacted_version(user, original: Attachment, key: str, hidden) -> Redacted:
    """The file `key` as the redacted version of `original`. Unusable at "files" when it is missing,
    the original itself, of a kind that can hide what was taken out, or still holds one of the
    `hidden` words or a number that is never public.

    A PDF and a picture are drawn anew: what lies under a black bar, or was cut off, does not come
    along. That takes seconds, so this is called before a transaction.
    """
    name = {"name": original.title}
    keys = clean({"files": [key]})["files"]
    known = attached(original.paper, keys).get(key)
    file = known.file if known else StoredFile.objects.filter(pk__in=keys).first()
    is_ours = known.redacts_id == original.pk if known else file and is_owner(file, user)
    if not is_ours:
        raise _wrong(_("Give the redacted version of “%(name)s”.") % name)
    if file.state != StoredFile.State.CLEAN:
        said = _("“%(name)s” waits for the virus scan, or was refused by it.")
        raise _wrong(said % {"name": file.name})
    if file.sha256 == original.file.sha256:
        raise _wrong(_("What was given for “%(name)s” is the original itself.") % name)
    if file.content_type in TEXTS:
        _check_words(file, hidden)
        return Redacted(original, file, is_known=bool(known))
    if file.content_type not in DRAWN:
        said = _("A redacted version is a PDF file, a picture or a plain text: other kinds can hide"
                 " what was taken out.")  # fmt: skip
        raise _wrong(said)
    if known:
        return Redacted(original, file, known.pages or 0, is_known=True)
    return _drawn(original, file)


def _drawn(original: Attachment, file: StoredFile) -> Redacted:
    name = {"name": file.name, "n": MOST_PAGES}
    try:
        pages = pages_of(file)
    except Unprintable:
        raise _wrong(_("“%(name)s” could not be looked at just now. Try again.") % name) from None
    except (NoPages, NotJoined):
        said = _("“%(name)s” cannot be drawn page by page: it is locked, damaged or has more than"
                 " %(n)s pages.")  # fmt: skip
        raise _wrong(said % name) from None
    is_pdf = file.content_type == TYPES["pdf"]
    content = joined([BytesIO(one) for one in pages], DOTS) if is_pdf else pages[0]
    return Redacted(original, file, len(pages), content)


def _check_words(file: StoredFile, hidden) -> None:
    with open_content(file) as content:
        held = content.read()
    try:
        text = held.decode("utf-8")
    except UnicodeDecodeError:
        text = held.decode("gb18030", "replace")
    left = [one for one in sorted(hidden) if not missing_in(text, one)]
    left += [one.text for one in must_go(text)]
    if left:
        said = _("“%(name)s” still holds what is to be taken out. Number of places: %(n)s.")
        raise _wrong(said % {"name": file.name, "n": len(left)})


def _wrong(words: str) -> Unusable:
    return Unusable({"files": [words]})
