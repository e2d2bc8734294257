"""Files that come with a page: taken in through the files capability, owned by their sender until
sent.
"""

from django.db.models import Q
from django.utils.translation import gettext as _

from platform_core.capabilities.files import services as file_services
from platform_core.common.errors import Unusable
from security.actors import Actor

from .compound import has_kind, too_many, wrong_kind
from .models import Draft
from .pages import join, most_files, put_instead, takes_pages
from .selectors import RECORD, as_uuid, form_of, plain_values

MOST_DRAWN = 300_000


def drop_removed(posted, before: dict, actor: Actor, owner_key: str) -> None:
    """Drop the file whose Remove button was pressed; a file that the draft does not have stays."""
    if posted.command != "remove":
        return
    key, _colon, file_id = posted.target.partition(":")
    had = before.get(key)
    had = [had.get("file")] if isinstance(had, dict) else had
    if isinstance(had, list) and file_id in had and key in posted.values and as_uuid(file_id):
        file_services.drop_file(actor=actor, file_id=file_id, owner_key=owner_key)


def store_uploads(fields, posted, current: dict, actor: Actor, owner_key: str) -> dict:
    """Store what was uploaded, add it to the typed values, and give the refusals by field."""
    refused: dict[str, list[str]] = {}
    for question in fields:
        if question.type == "signature":
            _store_signature(question, posted, current, refused, actor, owner_key)
            continue
        if question.key in posted.uploads:
            _store_files(question, posted, current, refused, actor, owner_key)
        if posted.command == "join" and posted.target == question.key and _joins(question):
            _join(question.key, current, refused, actor, owner_key)
    return refused


def _store_files(question, posted, current: dict, refused: dict, actor, owner_key: str) -> None:
    """Every upload that can be used is kept, whatever is wrong with the others."""
    before, new = list(current.get(question.key) or []), []
    key, _colon, instead = posted.target.partition(":")
    instead = instead if posted.command == "instead" and key == question.key else ""
    room = most_files(question) - len(before) + (1 if instead in before else 0)
    for upload in posted.uploads[question.key]:
        if len(new) >= room:
            refused.setdefault(question.key, []).append(too_many(question))
            break
        if not has_kind(upload.name or "", question.accept):
            refused.setdefault(question.key, []).append(wrong_kind(question, upload.name or ""))
            continue
        stored = _stored(question.key, upload, refused, actor, owner_key)
        if stored:
            new.append(stored)
    current[question.key] = put_instead(before, instead, new, actor, owner_key)


def _joins(question) -> bool:
    return question.type == "attachment" and takes_pages(question)


def _join(key: str, current: dict, refused: dict, actor: Actor, owner_key: str) -> None:
    try:
        current[key] = join(list(current.get(key) or []), actor, owner_key)
    except Unusable as error:
        refused.setdefault(key, []).extend(error.errors[""])


def _stored(key: str, upload, refused: dict, actor: Actor, owner_key: str) -> str | None:
    try:
        stored = file_services.store_file(actor=actor, upload=upload, owner_key=owner_key)
    except Unusable as error:
        said = [message for messages in error.errors.values() for message in messages]
        refused.setdefault(key, []).extend(said)
        return None
    return str(stored.pk)


def _store_signature(question, posted, current: dict, refused: dict, actor, owner_key: str) -> None:
    """The drawing of a signature: one small PNG, which takes the place of an earlier one."""
    for upload in posted.uploads.get(question.key, [])[:1]:
        if not has_kind(upload.name or "", ["png"]) or upload.size > MOST_DRAWN:
            refused.setdefault(question.key, []).append(_("The drawn signature cannot be read."))
            return
        stored = _stored(question.key, upload, refused, actor, owner_key)
        if stored:
            before = current.get(question.key)
            parts = before if isinstance(before, dict) else {}
            if as_uuid(parts.get("file")):
                file_services.drop_file(actor=actor, file_id=parts["file"], owner_key=owner_key)
            current[question.key] = parts | {"file": stored}


def files_in(question, value) -> list:
    """The ids of the files that an answer names."""
    if question.type == "attachment":
        return value if isinstance(value, list) else []
    if question.type == "signature" and isinstance(value, dict) and value.get("file"):
        return [value["file"]]
    return []


def files_of_drafts(drafts) -> set[str]:
    """The ids of the files that drafts name."""
    return {
        str(file)
        for draft in drafts
        for question in form_of(draft).questions()
        for file in files_in(question, plain_values(draft).get(question.key))
    }


def unsent_drafts_of(user, owner_key: str = ""):
    """The drafts into which a person or a visitor may have put files: their own, and those of which
    they fill in a part for somebody else.
    """
    mine = Q(user=user) | Q(invitations__invitee=user) if user else Q(owner_key=owner_key)
    return Draft.objects.filter(mine, submitted_at=None).distinct()


def is_in_draft(file) -> bool:
    """Whether a draft that is still to be sent names this file of its sender's."""
    if file.owner is None and not file.owner_key:
        return False
    return str(file.pk) in files_of_drafts(unsent_drafts_of(file.owner, file.owner_key))


def adopt_uploads(form, values: dict, actor: Actor, owner_key: str) -> None:
    """Give the files of a draft to the person who takes the draft over."""
    for question in form.questions():
        ids = [one for one in files_in(question, values.get(question.key)) if as_uuid(one)]
        if ids:
            file_services.adopt_files(actor=actor, file_ids=ids, owner_key=owner_key)


def link_to_record(record, bound, actor: Actor, owner_key: str, *, keys=None) -> None:
    """Tie the files named by the answers to the record: from now on its readers may see them.

    `keys` are the answers that are new; whose files were tied before stays out of it.
    """
    for question in bound.form.questions():
        if keys is not None and question.key not in keys:
            continue
        for file_id in files_in(question, bound.cleaned.get(question.key)):
            file_services.link_file(
                actor=actor,
                file_id=file_id,
                subject_type=RECORD,
                subject_id=str(record.pk),
                owner_key=owner_key,
            )
