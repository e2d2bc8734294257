"""Files that come with a page: taken in through the files capability, owned by their sender until
sent.
"""

from platform_core.capabilities.files import services as file_services
from platform_core.common.errors import Unusable
from security.actors import Actor

from .compound import has_kind, too_many, wrong_kind
from .selectors import RECORD, as_uuid


def drop_removed(posted, before: dict, actor: Actor, owner_key: str) -> None:
    """Drop the file whose Remove button was pressed; a file that the draft does not have stays."""
    if posted.command != "remove":
        return
    key, _colon, file_id = posted.target.partition(":")
    had = before.get(key)
    if isinstance(had, list) and file_id in had and key in posted.values and as_uuid(file_id):
        file_services.drop_file(actor=actor, file_id=file_id, owner_key=owner_key)


def store_uploads(fields, posted, current: dict, actor: Actor, owner_key: str) -> dict:
    """Store what was uploaded, add it to the typed values, and give the refusals by field."""
    refused: dict[str, list[str]] = {}
    for question in fields:
        kept = list(current.get(question.key) or []) if question.key in posted.uploads else []
        for upload in posted.uploads.get(question.key, []):
            if len(kept) >= question.max_files:
                refused.setdefault(question.key, []).append(too_many(question))
                break
            if not has_kind(upload.name or "", question.accept):
                refused.setdefault(question.key, []).append(wrong_kind(question, upload.name or ""))
                continue
            try:
                stored = file_services.store_file(actor=actor, upload=upload, owner_key=owner_key)
            except Unusable as error:
                said = [message for messages in error.errors.values() for message in messages]
                refused.setdefault(question.key, []).extend(said)
                continue
            kept.append(str(stored.pk))
        if question.key in posted.uploads:
            current[question.key] = kept
    return refused


def adopt_uploads(form, values: dict, actor: Actor, owner_key: str) -> None:
    """Give the files of a draft to the person who takes the draft over."""
    for question in form.questions():
        if question.type == "attachment":
            file_services.adopt_files(
                actor=actor, file_ids=values.get(question.key) or [], owner_key=owner_key
            )


def link_to_record(record, bound, actor: Actor, owner_key: str) -> None:
    """Tie the files named by the answers to the record: from now on its readers may see them."""
    for question in bound.form.questions():
        if question.type != "attachment":
            continue
        for file_id in bound.cleaned.get(question.key, []):
            file_services.link_file(
                actor=actor,
                file_id=file_id,
                subject_type=RECORD,
                subject_id=str(record.pk),
                owner_key=owner_key,
            )
