"""Phone, address and hours of a place's offices and halls."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from security.organs.hours import validate_hours
from security.organs.services import change_department
from service_hub.booking import hall_services
from service_hub.portal.place import COOKIE
from tests.factories import MAKER, make_department, make_region
from tests.service_hub.booking.makers import make_hall

pytestmark = pytest.mark.django_db
HERE = {"address": "文一路 1 号", "address_en": "1 Wenyi Road", "hours": "9:00-12:00, 13:30-17:00"}


def test_the_offices_of_the_place_with_phone_address_and_hours(client):
    fund = make_department("housing_fund", name_en="Xihu Housing Fund", phone="0571-1234")
    change_department(actor=MAKER, department=fund, **HERE)
    make_department("health", "330100", name_en="Hangzhou Health")
    page = client.get("/contact/", {"place": "330106"}).content.decode()
    assert all(words in page for words in ("Xihu Housing Fund", "tel:0571-1234", "1 Wenyi Road"))
    assert "Working days 9:00-12:00, 13:30-17:00" in page
    # What the district has no office for is answered by the city's.
    assert "Hangzhou Health" in page
    narrowed = client.get("/contact/", {"place": "330106", "q": "fund"}).content.decode()
    assert "Xihu Housing Fund" in narrowed and "Hangzhou Health" not in narrowed


def test_a_place_that_was_typed_as_a_name_is_offered(client):
    region = make_region("330106")
    page = client.get("/contact/", {"q": region.name_en}).content.decode()
    assert "?place=330106" in page


def test_the_readers_place_is_taken_when_none_is_chosen(client):
    make_department("health", name_en="Xihu Health")
    make_department("health", "330302", name_en="Lucheng Health")
    client.cookies[COOKIE] = "330302"
    page = client.get("/contact/").content.decode()
    assert "Lucheng Health" in page and "Xihu Health" not in page
    for strange in ("x", "²", "999999", "1" * 99):
        assert client.get("/contact/", {"place": strange, "q": "\x00"}).status_code == 200


def test_a_hall_shows_its_usual_hours_and_the_days_that_differ(client):
    hall = make_hall()
    closed = timezone.localdate() + timedelta(days=3)
    hall_services.close_day(actor=MAKER, hall=hall, on=closed, reason="Training")
    hall_services.set_hours(actor=MAKER, hall=hall, weekday=4, hours=[(time(9), time(12))])
    page = client.get("/contact/", {"place": "330106"}).content.decode()
    assert "Monday to Thursday 09:00-11:30, 13:30-17:00" in page
    assert "Friday 09:00-12:00" in page
    assert "Training" in page


def test_the_number_of_queries_stays_the_same(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/contact/", {"place": "330106"}).status_code == 200
        return len(asked)

    make_hall("one")
    make_department("health")
    before = queries()
    for code, kind in (("two", "education"), ("three", "police")):
        make_hall(code)
        make_department(kind)
    assert queries() == before


@pytest.mark.parametrize("text", ["9:00-12:00", "9:00-12:00, 13:30-17:00", "08:30-17:30"])
def test_hours_are_spans_in_order(text):
    validate_hours(text)


@pytest.mark.parametrize(
    "text",
    ["", "nine", "9-12", "12:00-9:00", "9:00-12:00, 11:00-17:00", "9:0-12:00", "25:00-26:00"],
)
def test_other_hours_are_refused(text):
    with pytest.raises(ValidationError):
        validate_hours(text)
