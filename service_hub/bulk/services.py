"""A firm files many applications at once: a spreadsheet is checked, then its right rows are filed
in the background.

Rows are filed a few at a time, each few in one transaction with their marks and with the message
that asks for the next few. Whatever dies, a row is either filed and marked, or neither.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from platform_core.capabilities.forms.sheets import by_title, judge_rows, read_rows
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from platform_core.common.outbox.services import send
from platform_core.common.spreadsheets import read_sheet
from security.accounts.firm_roles import FILE
from security.accounts.selectors import may_for_firm
from security.actors import Actor
from security.audit.services import record_audit
from service_hub.cases.firm_rights import require_in_firm
from service_hub.cases.services import file_values
from service_hub.firms.history import note
from service_hub.items.selectors import still_takes_new_cases

from . import selectors
from .letters import tell_done
from .models import Batch, BatchRow

MOST_ROWS = 10_000
AT_ONCE = 20
KEPT_DAYS = 30
SAME_PRESS = timedelta(minutes=2)
FILING, FORGETTING = "bulk.filing", "bulk.forgetting"
State = Batch.State
RowState = BatchRow.State


@transaction.atomic
def check_sheet(*, actor, item, file, name: str) -> Batch:
    """Read a spreadsheet for `item` and keep every row with what is wrong in it.

    Raises Unusable at "file" or at cells such as "B7" when it cannot be read, Conflict when the
    service takes none, NotAllowed when the member may not apply in this service.
    """
    require_in_firm(actor, actor.firm, FILE, item)
    if not still_takes_new_cases(item):
        raise Conflict(_("This service takes no new cases at the moment."))
    if reason := selectors.reason_against(item):
        raise Conflict(reason)
    form = selectors.form_of(item)
    sheet = read_sheet(file, name, most_rows=MOST_ROWS)
    values, unknown = read_rows(form, [row.cells for row in sheet.rows], sheet.headers)
    # The columns that our own download of results adds are no answers.
    strangers = [title for title in unknown if title not in selectors.result_titles_known()]
    if strangers:
        words = _("The form has no such columns: %(names)s.") % {"names": ", ".join(strangers[:10])}
        raise Unusable({"file": [words]})
    if not values:
        raise Unusable({"file": [_("The file has no rows.")]})
    judged = judge_rows(form, values, actor=actor, napp_version=item.napp_version)
    answers = [json.dumps(one.values, ensure_ascii=False) for one in judged]
    one_at_a_time(f"batch:{actor.firm.pk}")
    if before := _sent_before(actor, item, name, answers):
        return before
    batch = Batch.objects.create(
        firm=actor.firm, item=item, by=actor.user, name=name[-200:], made_at=timezone.now(),
        columns=_letters(form, sheet.headers),
    )  # fmt: skip
    BatchRow.objects.bulk_create(
        [
            BatchRow(
                id=uuid.uuid4(), batch=batch, number=row.number, errors=one.errors,
                state=RowState.WRONG if one.errors else RowState.READY,
                answers=said,
            )
            for row, one, said in zip(sheet.rows, judged, answers, strict=True)
        ],
        batch_size=1000,
    )  # fmt: skip
    record_audit(actor=actor, verb="batch.check", obj=batch, after={"rows": len(judged)})
    _forget_at(batch, batch.made_at + timedelta(days=KEPT_DAYS))
    return batch


def _sent_before(actor, item, name: str, answers: list[str]) -> Batch | None:
    """The same file, sent by a first press of the same person and not filed yet."""
    since = timezone.now() - SAME_PRESS
    found = Batch.objects.filter(
        firm=actor.firm, item=item, by=actor.user, name=name[-200:], state=State.CHECKED,
        made_at__gte=since,
    ).order_by("-made_at")  # fmt: skip
    for batch in found[:3]:
        if [row.answers for row in batch.rows.order_by("number").only("answers")] == answers:
            return batch
    return None


def _letters(form, headers: list[str]) -> dict[str, str]:
    known = by_title(form)
    return {
        known[title].key: get_column_letter(n)
        for n, title in enumerate(headers, 1)
        if title in known
    }


@transaction.atomic
def start_filing(*, actor, batch: Batch) -> Batch:
    """File the right rows in the background. A second press changes nothing."""
    batch = _locked(batch.pk)
    require_in_firm(actor, batch.firm, FILE, batch.item)
    if batch.state != State.CHECKED:
        return batch
    count = batch.rows.filter(state=RowState.READY).count()
    if not count:
        raise Conflict(_("No row of this file is right."))
    batch.state, batch.started_at, batch.by = State.RUNNING, timezone.now(), actor.user
    batch.save(update_fields=["state", "started_at", "by"])
    record_audit(actor=actor, verb="batch.start", obj=batch, after={"rows": count})
    note(batch.firm, "batch", actor=actor, rows=count)
    _ask_for_next(batch, 0)
    return batch


@transaction.atomic
def file_next(*, actor, batch_id, step: int) -> int:
    """File the next few rows in the name of whoever started; gives how many.

    Stops when that person may no longer apply for the firm, or the service takes no new cases.
    """
    batch = _locked(batch_id)
    if batch.state != State.RUNNING:
        return 0
    if reason := _why_stop(batch):
        batch.state, batch.reason, batch.done_at = State.STOPPED, reason, timezone.now()
        batch.save(update_fields=["state", "reason", "done_at"])
        record_audit(actor=actor, verb="batch.stop", obj=batch, after={"reason": reason})
        tell_done(batch, selectors.counts_of(batch), actor=actor)
        return 0
    rows = list(batch.rows.filter(state=RowState.READY).order_by("number")[:AT_ONCE])
    doer = Actor.of(batch.by, firm=batch.firm, channel="batch")
    for row in rows:
        _file_row(doer, batch.item, row)
    if len(rows) == AT_ONCE:
        _ask_for_next(batch, step + 1)
        return len(rows)
    batch.state, batch.done_at = State.DONE, timezone.now()
    batch.save(update_fields=["state", "done_at"])
    record_audit(actor=actor, verb="batch.done", obj=batch)
    tell_done(batch, selectors.counts_of(batch), actor=actor)
    return len(rows)


def _why_stop(batch: Batch) -> str:
    service = f"{batch.item.napp.slug}/{batch.item.key}"
    if not batch.by.is_active or not may_for_firm(batch.by, batch.firm, FILE, service):
        return "mandate"
    return "" if still_takes_new_cases(batch.item) else "closed"


def _file_row(doer: Actor, item, row: BatchRow) -> None:
    try:
        # A refused row gives its number back and leaves no trace.
        with transaction.atomic():
            values = selectors.answers_of(row)
            row.case = file_values(actor=doer, item=item, values=values).case
        row.state, row.answers, row.errors = RowState.FILED, "", {}
    except Unusable as error:
        row.state, row.errors = RowState.REFUSED, error.errors
    except (Conflict, NotAllowed) as error:
        row.state, row.errors = RowState.REFUSED, {"": [str(error)]}
    row.save(update_fields=["state", "answers", "errors", "case"])


def _ask_for_next(batch: Batch, step: int) -> None:
    payload = {"batch": str(batch.pk), "step": step}
    send(topic=FILING, key=f"{FILING}:{batch.pk}:{step}", payload=payload)


def _locked(batch_id) -> Batch:
    found = Batch.objects.select_for_update(of=("self",))
    related = ("item__napp", "item__napp_version", "firm", "by")
    return found.select_related(*related).get(pk=batch_id)


@transaction.atomic
def forget_answers(*, actor, batch_id, step: int = 0) -> int:
    """Empty what was never filed, a month after the upload: it can then no longer be filed. What is
    still being filed is looked at again a day later. Gives how many rows were emptied.
    """
    batch = _locked(batch_id)
    if batch.state == State.RUNNING:
        _forget_at(batch, timezone.now() + timedelta(days=1), step + 1)
        return 0
    if batch.state == State.CHECKED:
        batch.state, batch.reason, batch.done_at = State.STOPPED, "kept", timezone.now()
        batch.save(update_fields=["state", "reason", "done_at"])
    rows = batch.rows.exclude(state=RowState.FILED)
    count = rows.update(answers="", errors={})
    record_audit(actor=actor, verb="batch.forget", obj=batch, after={"rows": count})
    return count


def _forget_at(batch: Batch, due_at, step: int = 0) -> None:
    payload = {"batch": str(batch.pk), "step": step}
    key = f"{FORGETTING}:{batch.pk}" + (f":{step}" if step else "")
    send(topic=FORGETTING, key=key, payload=payload, due_at=due_at)
