"""What is over goes to the day, and nothing younger; running cases and holds keep it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.forms.corrections import correct_record
from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.forms.selectors import plain_values, records_with
from platform_core.capabilities.forms.services import submit_values
from platform_core.capabilities.process.models import ProcessEvent
from security.audit.models import AuditEntry
from service_hub.cases.models import Case
from service_hub.personal_data import hold_services, retention
from service_hub.personal_data.retention_services import erase_overdue
from tests.factories import MAKER, actor_of, make_admin
from tests.service_hub.makers import (
    do,
    elsewhere_values,
    file_elsewhere,
    file_rent,
    item_of,
    make_office,
)

CHINA = ZoneInfo("Asia/Shanghai")
DAYS = 1825  # as the form declares for its sensitive questions
moments = st.datetimes(
    min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(CHINA)
)


@given(ended=moments, days=st.integers(1, 36_500), off=st.integers(-2, 2))
def test_the_last_day_of_keeping_counts_in_full(ended, days, off):
    today = ended.date() + timedelta(days=days + off)
    is_over = ended < retention.cutoff(today, days)
    assert is_over == (ended.date() + timedelta(days=days) < today)


@pytest.fixture
def case(alice):
    make_office("medical_insurance")
    return do(file_elsewhere(alice))


def answers(case) -> dict:
    case.record.refresh_from_db()
    return plain_values(case.record)


def ended(case, moment: datetime) -> date:
    """The case ended at this moment; gives the last day on which its answers are kept."""
    Case.objects.filter(pk=case.pk).update(closed_at=moment)
    return timezone.localdate(moment) + timedelta(days=DAYS)


@pytest.mark.django_db
@pytest.mark.parametrize("clock", [(0, 0, 0), (23, 59, 59)])
def test_to_the_day(case, clock):
    last = ended(case, datetime(2026, 3, 1, *clock, tzinfo=CHINA))
    before = answers(case)
    assert erase_overdue(actor=MAKER, today=last)["answers"] == 0
    assert answers(case) == before
    assert erase_overdue(actor=MAKER, today=last + timedelta(days=1))["answers"] > 0
    left = answers(case)
    assert "citizen_number" not in left and left["province"] == "上海市"
    assert not records_with("citizen_number", before["citizen_number"]).exists()
    # Again it finds nothing, and its counts are in the trail.
    assert erase_overdue(actor=MAKER, today=last + timedelta(days=1))["answers"] == 0
    trail = AuditEntry.objects.filter(verb="retention.erase").values_list("after", flat=True)
    assert {one["question"].rpartition("/")[2]: one["count"] for one in trail}[
        "citizen_number"
    ] == 1
    assert AuditEntry.objects.filter(verb="retention.run").count() == 3


@pytest.mark.django_db
def test_earlier_states_go_too_and_a_killed_run_is_taken_up(case, alice, monkeypatch):
    correct_record(
        actor=MAKER, record=case.record, values={"mobile": "13900002046"}, only_fields=["mobile"]
    )
    other = do(file_elsewhere(alice))
    last = ended(case, datetime(2026, 3, 1, tzinfo=CHINA))
    ended(other, datetime(2026, 3, 1, tzinfo=CHINA))
    from service_hub.personal_data import retention_services as job

    real, calls = job.erase_answers, []

    def killed(**facts):
        calls.append(facts)
        if len(calls) == 2:
            raise SystemExit
        real(**facts)

    monkeypatch.setattr(job, "erase_answers", killed)
    with pytest.raises(SystemExit):
        erase_overdue(actor=MAKER, today=last + timedelta(days=1), batch=1)
    monkeypatch.setattr(job, "erase_answers", real)
    # The second was rolled back as a whole, the first stays done.
    sealed = [key for key in ("citizen_number", "mobile") if key in answers(other)]
    assert sealed
    erase_overdue(actor=MAKER, today=last + timedelta(days=1), batch=1)
    for one in (case, other):
        assert not {"citizen_number", "mobile"} & set(answers(one))
    assert "mobile" not in case.record.revisions.get().data


@pytest.mark.django_db
def test_running_cases_and_holds_keep_it(case, alice):
    admin = make_admin("guard")
    last = ended(case, datetime(2026, 3, 1, tzinfo=CHINA))
    late = last + timedelta(days=9)
    make_office("housing_fund")
    running = file_rent(alice)
    Case.objects.filter(pk=running.pk).update(submitted_at=datetime(2001, 1, 1, tzinfo=CHINA))
    question = next(one.question for one in retention.rules() if one.field == "citizen_number")
    for held in ({"whom": "alice"}, {"question": question}):
        hold = hold_services.place_hold(actor=actor_of(admin), reason="Case 7.", **held)
        erase_overdue(actor=MAKER, today=late)
        assert "citizen_number" in answers(case)
        hold_services.lift_hold(actor=actor_of(admin), hold=hold)
    hold_services.place_hold(
        actor=actor_of(admin), whom="alice", reason="x", until=late - timedelta(days=1)
    )
    erase_overdue(actor=MAKER, today=late)
    assert "citizen_number" not in answers(case)
    assert "citizen_number" in answers(running)


@pytest.mark.django_db
def test_what_an_official_filled_in_goes_with_the_case_of_the_step(alice):
    clerk = make_office("housing_fund")["clerk"]
    running = file_rent(alice)
    step = submit_values(
        actor=actor_of(clerk),
        napp_version=item_of("medical_insurance", "elsewhere").napp_version,
        form_key="filing",
        values=elsewhere_values(alice),
    )
    ProcessEvent.objects.create(
        instance=running.process, seq=99, kind="submitted", at=timezone.now(),
        data={"record": str(step.pk)},
    )  # fmt: skip
    Record.objects.filter(pk=step.pk).update(created_at=datetime(2001, 1, 1, tzinfo=CHINA))

    def is_kept(today: date) -> bool:
        erase_overdue(actor=MAKER, today=today)
        step.refresh_from_db()
        return "citizen_number" in plain_values(step)

    assert is_kept(date(2040, 1, 1))
    last = ended(running, datetime(2026, 3, 1, tzinfo=CHINA))
    Case.objects.filter(pk=running.pk).update(state=Case.ENDED[0])
    guard = actor_of(make_admin("guard"))
    hold = hold_services.place_hold(actor=guard, whom="alice", reason="Case 7.")
    assert is_kept(last) and is_kept(last + timedelta(days=1))
    hold_services.lift_hold(actor=guard, hold=hold)
    assert is_kept(last) and not is_kept(last + timedelta(days=1))
