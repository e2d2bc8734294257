"""Every write of files: take in, link, scan, drop."""

import hashlib
import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from platform_core.common.events import emit
from platform_core.common.outbox.services import send
from security.actors import Actor
from security.audit.services import record_audit

from .joining import NotJoined, joined
from .kinds import Refused, inspect
from .limits import within_limits
from .metadata import without_metadata
from .models import StoredFile
from .names import clean_name, ending_of
from .scanners import scanner
from .selectors import bytes_without_row, is_owner
from .subjects import is_needed

State = StoredFile.State
UNLINKED_KEPT = timedelta(days=31)
LOST_AFTER = timedelta(days=1)
LOST_AT_MOST, LOST_SHARE = 100, 0.05
log = structlog.get_logger(__name__)


@transaction.atomic
def store_file(*, actor: Actor, upload, owner_key: str = "") -> StoredFile:
    """Take in an uploaded file (Django's UploadedFile) and return its row.

    Raises Unusable({"": [reason]}) when it is empty, too large, of a kind that is not accepted, not
    what its name says, unsafe to unpack, or more than one person may send in a day. The stored
    bytes are the sent ones without the metadata of photographs. Without a scanner it is clean at
    once; otherwise it is in quarantine until the scan. A file that is linked to nothing is dropped
    later, once no draft needs it.
    """
    try:
        name = clean_name(upload.name or "")
        within_limits(upload, actor, owner_key)
        seen = inspect(upload, ending_of(name), max_pixels=settings.FILE_MAX_PIXELS)
        upload.seek(0)
        content = without_metadata(upload.read(), seen.content_type)
    except Refused as error:
        raise Unusable({"": [str(error)]}) from None
    except ValueError:
        raise Unusable({"": [_("The picture is damaged and cannot be opened.")]}) from None
    using = scanner()
    file = StoredFile(
        name=name,
        content_type=seen.content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=_random_path(),
        width=seen.width,
        height=seen.height,
        state=State.CLEAN if using.is_immediate else State.QUARANTINED,
        owner=actor.user,
        owner_key="" if actor.user else owner_key,
    )
    default_storage.save(file.path, ContentFile(content))
    file.save(force_insert=True)
    _follow_up(file)
    return file


def _follow_up(file: StoredFile) -> None:
    """What happens to every new row: the scan, and the end of what is linked to nothing."""
    if file.state == State.QUARANTINED:
        send(topic="files.scan", key=f"files.scan:{file.pk}", payload={"file": str(file.pk)})
    _drop_later(file, f"files.drop_unlinked:{file.pk}")


def _drop_later(file: StoredFile, key: str) -> None:
    send(
        topic="files.drop_unlinked",
        key=key,
        payload={"file": str(file.pk)},
        due_at=timezone.now() + UNLINKED_KEPT,
    )


def _random_path() -> str:
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name[2:]}"


@transaction.atomic
def link_file(
    *, actor: Actor, file_id, subject_type: str, subject_id, owner_key: str = ""
) -> StoredFile:
    """Tie a file to the thing it belongs to; from then on the thing's owner decides who sees it.

    Only the one who sent it may link it, and only once (again to the same thing is no change).
    Raises Unusable({"": [reason]}).
    """
    file = StoredFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None or not (actor.is_system or is_owner(file, actor.user, owner_key)):
        raise Unusable({"": [_("This file is not yours or is not there any more.")]})
    if file.state == State.INFECTED:
        raise Unusable({"": [_("The virus scan refused this file. Choose another one.")]})
    target = (subject_type, str(subject_id))
    if file.subject_type and (file.subject_type, file.subject_id) != target:
        raise Unusable({"": [_("This file already belongs to something else.")]})
    if not file.subject_type:
        file.subject_type, file.subject_id = target
        file.save(update_fields=["subject_type", "subject_id"])
    return file


@transaction.atomic
def copy_file(*, actor: Actor, original) -> StoredFile:
    """A second file with the same bytes, for the same sender: one paper that goes to two organs.

    Raises Unusable({"": [reason]}) when the file with the id `original` is not the actor's.
    """
    file = StoredFile.objects.filter(pk=original).first()
    if file is None or not is_owner(file, actor.user, ""):
        raise Unusable({"": [_("This file is not yours or is not there any more.")]})
    with default_storage.open(file.path) as content:
        held = content.read()
    file.pk, file.path = uuid.uuid4(), _random_path()
    file.subject_type = file.subject_id = ""
    file._state.adding = True
    default_storage.save(file.path, ContentFile(held))
    file.save(force_insert=True)
    _follow_up(file)
    return file


@transaction.atomic
def join_pictures(
    *, actor: Actor, file_ids: list[str], name: str, owner_key: str = ""
) -> tuple[StoredFile | None, list[str]]:
    """One PDF of the pictures among one's own unlinked files, in the given order, and the ids of
    those that went into it and are dropped; (None, []) when they are fewer than two.

    `name` is that of the PDF without its ending and may count the pages with %(n)s. Raises
    Unusable({"": [reason]}) when a picture is still being checked or cannot be read.
    """
    rows = StoredFile.objects.select_for_update().filter(pk__in=file_ids, subject_type="")
    known = {str(one.pk): one for one in rows if is_owner(one, actor.user, owner_key)}
    pictures = [known[one] for one in file_ids if one in known and known[one].width]
    if len(pictures) < 2:
        return None, []
    if any(one.state != State.CLEAN for one in pictures):
        raise Unusable({"": [_("A page is still being checked. Try again in a moment.")]})
    content = _joined(pictures)
    upload = ContentFile(content, f"{name % {'n': len(pictures)}}.pdf")
    made = store_file(actor=actor, upload=upload, owner_key=owner_key)
    gone = [str(one.pk) for one in pictures]
    for one in pictures:
        _remove(one)
    return made, gone


def _joined(pictures: list[StoredFile]) -> bytes:
    opened = [default_storage.open(one.path) for one in pictures]
    try:
        return joined(opened)
    except NotJoined as error:
        words = _("Page %(n)s cannot be read. Take it anew.")
        raise Unusable({"": [words % {"n": error.number}]}) from None
    finally:
        for one in opened:
            one.close()


@transaction.atomic
def adopt_files(*, actor: Actor, file_ids, owner_key: str) -> None:
    """Give files that somebody sent before signing in to the person; linked ones stay as they
    are.
    """
    mine = StoredFile.objects.filter(owner=None, owner_key=owner_key, subject_type="")
    if owner_key and actor.user:
        mine.filter(pk__in=file_ids).update(owner=actor.user, owner_key="")


@transaction.atomic
def drop_file(*, actor: Actor, file_id, owner_key: str = "") -> None:
    """Remove a file that its sender has not yet linked to anything; linked ones stay."""
    file = StoredFile.objects.select_for_update().filter(pk=file_id, subject_type="").first()
    if file is not None and (actor.is_system or is_owner(file, actor.user, owner_key)):
        _remove(file)


@transaction.atomic
def drop_unlinked(*, actor: Actor, file_id, turn) -> None:
    """Remove a file that nobody linked to anything; one that is still needed waits as long again.
    `turn` tells the waits apart.
    """
    file = StoredFile.objects.select_for_update().filter(pk=file_id, subject_type="").first()
    if file is not None and is_needed(file):
        _drop_later(file, f"files.drop_unlinked:{file.pk}:{turn}")
    elif file is not None:
        _remove(file)


@transaction.atomic
def drop_files_of(*, actor: Actor, user, but=()) -> int:
    """Remove every file that a person sent and that belongs to nothing, from the store too, `but`
    those with these ids; how many. What belongs to a record is kept as long as the record.
    """
    loose = StoredFile.objects.select_for_update().filter(owner=user, subject_type="")
    count = 0
    for file in loose.exclude(pk__in=list(but)):
        _remove(file)
        count += 1
    record_audit(actor=actor, verb="file.drop_all", obj=user, after={"count": count})
    return count


@transaction.atomic
def remove_files(*, actor: Actor, file_ids, subject_type: str, subject_id) -> int:
    """Remove files of one thing whose time is over, from the store too; how many."""
    found = StoredFile.objects.select_for_update().filter(
        pk__in=list(file_ids), subject_type=subject_type, subject_id=str(subject_id)
    )
    count = 0
    for file in found:
        _remove(file)
        count += 1
    return count


def _remove(file: StoredFile) -> None:
    _erase_later(file)
    file.delete()


def _erase_later(file: StoredFile) -> None:
    # The bytes go after the commit, and go for certain: a rolled-back removal keeps them.
    send(topic="files.erase", key=f"files.erase:{file.path}", payload={"path": file.path})


@transaction.atomic
def scan_file(*, actor: Actor, file_id) -> None:
    """Let the scanner look at a file in quarantine. Raises ScannerDown when it cannot say."""
    file = (
        StoredFile.objects.select_for_update().filter(pk=file_id, state=State.QUARANTINED).first()
    )
    if file is None:
        return
    with default_storage.open(file.path) as content:
        is_clean = scanner().is_clean(content)
    file.state = State.CLEAN if is_clean else State.INFECTED
    file.save(update_fields=["state"])
    if not is_clean:
        record_audit(actor=actor, verb="file.infected", obj=file, after={"state": file.state})
        emit("file.infected", file=file)
        _erase_later(file)


@transaction.atomic
def remove_lost_bytes(*, actor: Actor) -> int:
    """Delete what lies in the store for longer than a day without a row; gives the number.

    An upload writes its bytes before its transaction ends, and a rollback leaves them behind. When
    much of the store has no row, the database is the one that lost something (a backup was put
    back): then nothing is deleted, and the log says so.
    """
    lost, seen = bytes_without_row(timezone.now() - LOST_AFTER)
    if len(lost) > max(LOST_AT_MOST, seen * LOST_SHARE):
        log.error("files.too_many_lost", lost=len(lost), seen=seen)
        return 0
    for path in lost:
        default_storage.delete(path)
    if lost:
        record_audit(actor=actor, verb="files.lost_removed", after={"number": len(lost)})
    return len(lost)
