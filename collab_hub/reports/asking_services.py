"""Writes of the beginning of a collection: what is known is looked for, the rest is asked for.

Thousands of organs are asked in chunks. Each is one outbox message, which asks its organs and
writes the message for the next chunk in one transaction; killed, a chunk is as it was before.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.common.locks import beside_others, one_at_a_time
from platform_core.common.outbox.services import send

from .known import have_already
from .models import ReportAnswer, ReportCampaign, ReportFilling, ReportValue
from .selectors import columns_of
from .signing_services import send_up
from .sources import from_sources
from .wanting import open_work, tell_later

ASK = "reports.ask"
CHUNK = 200


@transaction.atomic
def ask_chunk(*, actor, campaign_id) -> int:
    """Ask the next organs that nobody has asked yet, and let the others be asked; how many.

    What was submitted before its turn came is left alone.
    """
    one_at_a_time("report collections")
    beside_others(f"report collection {campaign_id}")
    campaign = ReportCampaign.objects.select_related("region", "owner").get(pk=campaign_id)
    if campaign.state != "running":
        return 0
    waiting = campaign.fillings.select_for_update(of=("self",)).filter(asked_at=None, state="open")
    waiting = waiting.select_related("department__region").order_by("pk")
    fillings = list(waiting[:CHUNK])
    if fillings:
        _ask(actor, campaign, fillings)
    if len(fillings) == CHUNK:
        key = f"{ASK}:{campaign.pk}:{fillings[-1].pk}"
        send(topic=ASK, key=key, payload={"campaign": str(campaign.pk)})
    return len(fillings)


def _ask(actor, campaign: ReportCampaign, fillings: list[ReportFilling]) -> None:
    """Work for whoever still has something to say; of whom all is known is submitted."""
    columns, at = columns_of(campaign), campaign.started_at
    answered = _take_known(fillings, columns, campaign.period, at)
    done, asked = [], []
    for filling in fillings:
        open_ones = len(columns) - len(answered.get(filling.pk, ()))
        if open_ones:
            open_work(actor, filling, open_ones)
        (asked if open_ones else done).append(filling)
    keys = [one.pk for one in fillings]
    ReportFilling.objects.filter(pk__in=keys).update(asked_at=timezone.now())
    known = ReportFilling.objects.filter(pk__in=[one.pk for one in done])
    known.update(state="submitted", submitted_at=at)
    send_up(actor=actor, campaign=campaign, fillings=done, at=at)
    tell_later("asked", asked, campaign.number)


def _take_known(fillings, columns, period: str, at) -> dict:
    """Answer the columns of `fillings` from what is known; {filling's id: {column's id}}.

    Other reports come first, then records and data sets. The fillings have no answers yet.
    """
    today = timezone.localdate(at)
    organs = [one.department for one in fillings]
    versions = [column.version for column in columns]
    have = have_already(organs, versions, period, today)
    answers, values = [], []
    for column in columns:
        version = column.version
        rest = [one for one in organs if (one.pk, version.field_id) not in have]
        found = from_sources(version, rest, period, today)
        for filling in fillings:
            value = have.get((filling.department_id, version.field_id))
            if value is None and filling.department_id in found:
                value = _new_value(version, filling, found[filling.department_id], period, at)
                values.append(value)
            if value is not None:
                answers.append(
                    ReportAnswer(filling=filling, column=column, value=value, is_known_before=True)
                )
    ReportValue.objects.bulk_create(values, batch_size=1000)
    ReportAnswer.objects.bulk_create(answers, batch_size=1000)
    done: dict = {}
    for answer in answers:
        done.setdefault(answer.filling_id, set()).add(answer.column_id)
    return done


def _new_value(version, filling, found: dict, period: str, at) -> ReportValue:
    until = timezone.localdate(at) + timedelta(days=version.validity_days)
    return ReportValue(
        version=version, department_id=filling.department_id, period=period, at=at,
        valid_until=until, **found,
    )  # fmt: skip
