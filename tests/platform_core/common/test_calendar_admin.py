from datetime import date

import pytest

from platform_core.common.models import CalendarDay
from platform_core.common.workcalendar import forget_overrides, is_workday
from security.audit.models import AuditEntry
from tests.factories import make_admin, make_citizen, sign_in

pytestmark = pytest.mark.django_db
LIST = "/admin/platform_core/calendarday/"
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _fresh():
    forget_overrides()
    yield
    forget_overrides()


def test_a_day_off_counts_at_once_and_is_on_record(client):
    sign_in(client, make_admin())
    assert is_workday(MONDAY)
    answer = client.post(f"{LIST}add/", {"on": "2026-03-02", "source": "Order 7"})
    assert answer.status_code == 302
    assert not is_workday(MONDAY)
    assert AuditEntry.objects.filter(verb="admin.add", object_id="2026-03-02").exists()


def test_wrong_days_are_answered_at_the_field(client):
    sign_in(client, make_admin())
    client.cookies["gov_language"] = "en"
    for day in ("2026-02-30", "", "soon"):
        shown = client.post(f"{LIST}add/", {"on": day, "source": "x"})
        assert shown.status_code == 200
        assert "errorlist" in shown.content.decode()
    assert not CalendarDay.objects.exists()


def test_nobody_else_gets_in(client):
    sign_in(client, make_citizen("alice"))
    client.post(f"{LIST}add/", {"on": "2026-03-02", "source": "x"})
    assert not CalendarDay.objects.exists()
