"""Demonstration people exist, show and enter only while the demonstration is on."""

from itertools import product

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from security import samples
from security.accounts import demo, selectors
from security.accounts.demo_services import make_demo_people
from security.accounts.models import Firm, FirmAgent, Identity, User
from security.identifiers import is_citizen_number, is_credit_code
from security.organs.duties import DUTIES
from security.organs.models import Post
from security.organs.selectors import active_posts
from tests.factories import MAKER

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings):
    settings.DEMO = True
    samples.regions(), samples.departments(), samples.people()


def test_nobody_is_made_without_a_demonstration():
    samples.regions(), samples.departments()
    assert "DEMO is off" in samples.people()
    with pytest.raises(ImproperlyConfigured):
        make_demo_people(actor=MAKER)
    assert User.objects.count() == 0 and selectors.demo_accounts() == []


def test_everybody_is_there_once(demonstration):
    count = User.objects.count()
    assert count == len(demo.people()) and make_demo_people(actor=MAKER) == 0
    assert User.objects.filter(kind="citizen").count() == 5 == Identity.objects.count()
    assert Firm.objects.count() == 3 and FirmAgent.objects.count() == 3
    for person in demo.people():
        assert person.kind != "citizen" or is_citizen_number(person.citizen_number), person
    assert all(is_credit_code(firm.credit_code) for firm in demo.firms().values())
    clerk = User.objects.get(username="yueqing-health")
    assert [post.department.kind for post in active_posts(clerk)] == ["health"]
    # Every desk of the staffed regions has a clerk, a reviewer and a head.
    held = set(
        Post.objects.values_list("department__region__code", "department__kind", "groups__name")
    )
    for place in product(demo.staffed_regions(), demo.desks(), DUTIES):
        assert (*place[:2], f"duty:{place[2]}") in held, place


def test_the_way_in(demonstration, browser, settings):
    page = browser().get("/accounts/login/").content.decode()
    for account in selectors.demo_accounts():
        assert account["username"] in page and account["password"] in page
        assert account["title"]["zh"] and account["title"]["en"]
    for _visitor in range(2):  # two visitors share one demonstration person within half a minute
        client = browser()
        client.post("/accounts/login/", {"login": "xihu-clerk", "password": demo.PASSWORD})
        code = selectors.demo_second_factor(User.objects.get(username="xihu-clerk"))
        assert code in client.get("/accounts/2fa/authenticate/").content.decode()
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.get("/accounts/after-login/")["Location"] == "/office/"
    # Nobody locks the next visitor out.
    client.post("/accounts/password/change/", {"oldpassword": demo.PASSWORD, "password1": "x"})
    answer = client.post("/accounts/2fa/recovery-codes/generate/")
    assert answer["Location"] == "/accounts/2fa/"
    settings.DEMO = False
    assert "xihu-clerk" not in browser().get("/accounts/login/").content.decode()
    assert selectors.demo_second_factor(User.objects.get(username="xihu-clerk")) == ""
    answer = browser().post("/accounts/login/", {"login": "chenning", "password": demo.PASSWORD})
    assert answer.status_code == 200


def test_a_real_person_has_no_code_to_show(settings):
    from tests.factories import make_official

    settings.DEMO = True
    assert selectors.demo_second_factor(make_official("bob")) == ""
    assert selectors.demo_second_factor(None) == ""


def test_regions_are_loaded_by_command(capsys):
    call_command("load_regions")
    call_command("load_regions")
    assert "0 added, 0 changed" in capsys.readouterr().out
