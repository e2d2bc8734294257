"""Writes of what organs say: drafts, submissions, corrections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.locks import beside_others, one_at_a_time
from security.access import may
from security.audit.services import record_audit

from .campaign_services import new_edition
from .checks import failing, rule_value
from .models import (
    ReportAnswer,
    ReportFilling,
    ReportReview,
    ReportSumChange,
    ReportValue,
)
from .policies import seen_below
from .selectors import answers_of, columns_of, regions_at, still_asked
from .signing_services import lift_after_correction, send_up
from .sums import figures_above
from .values import NoValue, plain, read_value

MOST_AT_ONCE = 200


@dataclass
class Outcome:
    """What became of a submission: the fields whose value another report brought meanwhile, so
    that what was typed for them was not taken.
    """

    filling: ReportFilling
    taken_over: list = field(default_factory=list)


@transaction.atomic
def save_draft(*, actor, filling: ReportFilling, given: dict, version: int) -> ReportFilling:
    """Keep what was typed, right or wrong, for whoever of the organ goes on with it.

    Raises Conflict when a colleague has saved or submitted meanwhile.
    """
    found = _locked(actor, filling, version)
    found.draft = _typed(columns_of(found.campaign), given)
    found.drafted_by, found.drafted_at = actor.user, timezone.now()
    found.version += 1
    found.save(update_fields=["draft", "drafted_by", "drafted_at", "version"])
    return found


def _typed(columns, given: dict) -> dict:
    codes = [column.version.field.code for column in columns]
    typed = {code: plain(given.get(code, ""))[:600] for code in codes}
    return {code: text for code, text in typed.items() if text}


def _locked(actor, filling: ReportFilling, version: int) -> ReportFilling:
    beside_others(f"report collection {filling.campaign_id}")
    # Nothing is joined: what stands beside a row that was waited for would be of before.
    found = ReportFilling.objects.select_for_update().get(pk=filling.pk)
    if not may(actor.user, "enter", found):
        raise NotAllowed(_("Only the organ that is asked fills in, or one of its kind above it."))
    if found.state == "submitted":
        who = found.submitted_by or _("the platform")
        raise Conflict(_("%(who)s has submitted it already.") % {"who": who}, by=str(who))
    if found.campaign.state != "running":
        raise Conflict(_("This collection is closed."))
    if found.version != version:
        words = _("%(who)s has changed it meanwhile. What you typed stands below; read both.")
        raise Conflict(words % {"who": found.drafted_by}, by=str(found.drafted_by))
    return found


@transaction.atomic
def submit_filling(*, actor, filling: ReportFilling, given: dict, version: int, at=None) -> Outcome:
    """Submit what was still asked. `given` is {code of a field: text}.

    What another report has brought since the page was opened is taken from there, never asked
    again. Raises Unusable at the code (and at "" for checks across fields), Conflict for the second
    of two.
    """
    at = at or timezone.now()
    one_at_a_time(f"report values {filling.department_id}")
    found = _locked(actor, filling, version)
    columns, answers = columns_of(found.campaign), answers_of(found)
    asked, known, _old = still_asked(found, columns, answers)
    read = _read(asked, given)
    values = {column.pk: answers[column.pk].value for column in columns if column.pk in answers}
    values |= known | {key: ReportValue(**one) for key, one in read.items()}
    _check(found.campaign, columns, values)
    new = {column.pk: _value(actor, found, column, read[column.pk], at) for column in asked}
    ReportValue.objects.bulk_create(new.values())
    ReportAnswer.objects.bulk_create(
        ReportAnswer(filling=found, column_id=key, value=value, is_known_before=key in known)
        for key, value in (new | known).items()
    )
    found.state, found.draft, found.version = "submitted", {}, found.version + 1
    found.returned_at, found.asked_at = None, found.asked_at or at
    if found.submitted_at is None:
        # What comes back is submitted again; it was asked for the first time only.
        found.submitted_by, found.submitted_at = actor.user, at
    found.save(update_fields=["state", "submitted_by", "submitted_at", "draft", "version",
                              "returned_at", "asked_at"])  # fmt: skip
    send_up(
        actor=actor, campaign=found.campaign, fillings=[found], at=at,
        act=ReportReview.Act.SUBMITTED,
    )  # fmt: skip
    close_work(actor=actor, kind="report_fill", obj=found, outcome="submit")
    record_audit(actor=actor, verb="report.submit", obj=found, after={"asked": len(new)})
    return Outcome(found, [column for column in columns if column.pk in known])


def _read(asked, given: dict) -> dict[int, dict]:
    read, errors = {}, {}
    for column in asked:
        code = column.version.field.code
        raw = plain(given.get(code, ""))
        if not raw:
            errors[code] = [_("This is still missing.")]
            continue
        try:
            read[column.pk] = read_value(column.version, raw)
        except NoValue as error:
            errors[code] = [str(error)]
    if errors:
        raise Unusable(errors)
    return read


def _check(campaign, columns, values: dict) -> None:
    known = {
        column.version.field.code: rule_value(column.version, values[column.pk])
        for column in columns
        if column.pk in values
    }
    wrong = failing(campaign.checks, known, timezone.localdate())
    if wrong:
        raise Unusable({"": wrong})


def _value(actor, filling, column, read: dict, at) -> ReportValue:
    until = timezone.localdate(at) + timedelta(days=column.version.validity_days)
    return ReportValue(
        version=column.version, department=filling.department, period=filling.campaign.period,
        filling=filling, filled_by=actor.user, at=at, valid_until=until, **read,
    )  # fmt: skip


@transaction.atomic
def correct_value(
    *, actor, answer: ReportAnswer, raw: str, reason: str, turn: int, at=None
) -> ReportValue:
    """Correct, or contest, a value: a new row with a reason, in every collection that holds the old
    one, with what it does to each sum above.

    `turn` is that of the value which the page showed. Raises Unusable at "value" or "reason",
    Conflict when somebody corrected it first, NotAllowed outside the organ.
    """
    at = at or timezone.now()
    if not may(actor.user, "fill", answer.filling):
        raise NotAllowed(_("Only the organ itself corrects what is said of it."))
    # A collection that begins, or a report sent, meanwhile would take over the old value.
    one_at_a_time("report collections")
    one_at_a_time(f"report values {answer.filling.department_id}")
    one_at_a_time("report sums")
    old = ReportAnswer.objects.select_related("value__version__field").get(pk=answer.pk).value
    if old.turn != turn:
        raise Conflict(_("It was corrected meanwhile. Read the newest value first."))
    new = _corrected(old, raw, reason, actor, at)
    places = list(
        ReportAnswer.objects.filter(value=old).select_related(
            "column__version", "filling__campaign__region", "filling__department__region"
        )
    )
    _check_again(places, new)
    before = {place.pk: figures_above(place) for place in places}
    new.save()
    ReportAnswer.objects.filter(pk__in=[place.pk for place in places]).update(value=new)
    for place in places:
        _trace(new, place, before[place.pk], figures_above(place))
        lift_after_correction(actor=actor, filling=place.filling, reason=new.reason, at=at)
        new_edition(actor=actor, campaign=place.filling.campaign)
    record_audit(
        actor=actor, verb="report.correct", obj=new, before={"value": str(old)},
        after={"value": str(new), "reason": new.reason, "collections": len(places)},
    )  # fmt: skip
    return new


def _corrected(old: ReportValue, raw: str, reason: str, actor, at) -> ReportValue:
    errors, read = {}, {}
    try:
        read = read_value(old.version, raw)
    except NoValue as error:
        errors["value"] = [str(error)]
    if not reason.strip():
        errors["reason"] = [_("Say why it is corrected.")]
    if read and read == {"amount": old.amount, "text": old.text}:
        errors["value"] = [_("This is the value that stands there.")]
    if errors:
        raise Unusable(errors)
    return ReportValue(
        chain=old.chain, turn=old.turn + 1, version=old.version, department_id=old.department_id,
        period=old.period, filling_id=old.filling_id, reason=reason.strip()[:400],
        filled_by=actor.user, at=at, valid_until=old.valid_until, source=old.source, **read,
    )  # fmt: skip


def _check_again(places, new: ReportValue) -> None:
    """The checks of every submitted report that holds the value must hold with the new one."""
    for place in places:
        if place.filling.state != "submitted" or not place.filling.campaign.checks:
            continue
        columns = columns_of(place.filling.campaign)
        values = {key: answer.value for key, answer in answers_of(place.filling).items()}
        try:
            _check(place.filling.campaign, columns, values | {place.column_id: new})
        except Unusable as error:
            raise Unusable({"value": error.errors[""]}) from None


def _trace(value: ReportValue, place, before: dict, after: dict) -> None:
    if not place.column.version.is_amount:
        return
    regions = regions_at(after)
    ReportSumChange.objects.bulk_create(
        ReportSumChange(
            value=value, column=place.column, region=regions[path],
            before=before[path].amount, after=after[path].amount,
        )
        for path in sorted(after)
        if path in regions and before[path].amount != after[path].amount
    )  # fmt: skip


@transaction.atomic
def keep_sheet(*, actor, campaign, rows) -> int:
    """Keep what a spreadsheet without errors says as drafts of its organs; returns how many.

    `rows` is what `sheets.read_filled` found. Organs that submitted meanwhile are left alone.
    """
    beside_others(f"report collection {campaign.pk}")
    given = {filling.pk: texts for filling, texts in rows}
    found = ReportFilling.objects.select_for_update(of=["self"]).filter(
        seen_below(actor.user), campaign=campaign, campaign__state="running", state="open",
        pk__in=given,
    )  # fmt: skip
    kept, now = list(found.order_by("pk")), timezone.now()
    for filling in kept:
        filling.draft = {**filling.draft, **given[filling.pk]}
        filling.drafted_by, filling.drafted_at = actor.user, now
        filling.version += 1
    fields = ["draft", "drafted_by", "drafted_at", "version"]
    ReportFilling.objects.bulk_update(kept, fields, batch_size=1000)
    record_audit(actor=actor, verb="report.sheet", obj=campaign, after={"organs": len(kept)})
    return len(kept)


def submit_drafts(
    *, actor, campaign, after: str = "", most: int = MOST_AT_ONCE, at=None
) -> tuple[int, list[tuple], str]:
    """Submit the organs of whom a draft is kept, at most `most`, each in a transaction of its own.

    `after` is the code of the organ with which the last call ended. Returns how many, [(filling,
    why not)], and the code for the next call, "" when none is left.
    """
    titles = {one.version.field.code: pick(one.version.title) for one in columns_of(campaign)}
    waiting = ReportFilling.objects.filter(
        seen_below(actor.user),
        campaign=campaign,
        state="open",
        drafted_at__isnull=False,
        department__code__gt=plain(after),
    ).select_related("department", "campaign")
    done, refused = 0, []
    found = list(waiting.order_by("department__code")[: most + 1])
    for filling in found[:most]:
        try:
            with transaction.atomic():
                submit_filling(actor=actor, filling=filling, given=filling.draft,
                               version=filling.version, at=at)  # fmt: skip
            done += 1
        except Unusable as error:
            refused.append((filling, _in_words(error, titles)))
        except (Conflict, NotAllowed) as error:
            refused.append((filling, str(error)))
    return done, refused, found[most - 1].department.code if len(found) > most else ""


def _in_words(error: Unusable, titles: dict) -> str:
    """What is wrong, each with the title of its field."""
    return "; ".join(
        f"{titles[code]}: {word}" if code in titles else word
        for code, words in error.errors.items()
        for word in words
    )
