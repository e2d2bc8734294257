"""Nothing typed is lost: stale tokens, sessions that ended, files over errors, over HTTP."""

import base64
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.services import store_file
from platform_core.capabilities.forms import selectors, services
from platform_core.capabilities.forms.models import Draft
from platform_core.common.errors import Unusable
from tests.factories import actor_of, make_citizen, make_region, sign_in

from .makers import publish

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.platform_core.capabilities.forms.site"),
]


def png(name="灯.png"):
    content = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
        "gg=="
    )
    return SimpleUploadedFile(name, base64.b64decode(content), "image/png")


@pytest.fixture
def alice():
    return make_citizen("alice", name="陈小宁")


@pytest.fixture
def draft(alice):
    return services.start_draft(
        actor=actor_of(alice), napp_version=publish(), form_key="everything", purpose="item:1"
    )


@pytest.fixture
def client(client):
    client.cookies["gov_language"] = "en"
    return client


def address(draft, page):
    return f"/forms-test/{draft.pk}/{page}"


def typed(draft):
    return selectors.plain_values(Draft.objects.get(pk=draft.pk))


def test_a_session_that_ended_while_typing_loses_nothing(client, alice, draft):
    make_region("330106")
    sign_in(client, alice)
    client.get(address(draft, "matter"))
    client.logout()
    sent = client.post(
        address(draft, "matter"), {"story": "写了很久", "people": "一百", "photos": png()}
    )
    assert sent.status_code == 302 and "next=" in sent["Location"]
    assert "写了很久" not in str(typed(draft))
    sign_in(client, alice)
    page = client.get(address(draft, "matter")).content.decode()
    assert "写了很久" in page and 'value="一百"' in page and "灯.png" in page
    assert typed(draft)["story"] == "写了很久" and Draft.objects.count() == 1


def test_nobody_else_gets_what_was_typed_nor_sees_that_there_is_a_draft(client, alice, draft):
    client.post(address(draft, "matter"), {"story": "写了很久"})
    sign_in(client, make_citizen("mallory"))
    assert client.get(address(draft, "matter")).status_code == 404
    other = Client()
    sign_in(other, alice)
    assert "写了很久" not in other.get(address(draft, "matter")).content.decode()


def test_a_stale_token_shows_the_answers_again_with_one_button(alice, draft):
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, alice)
    browser.get(address(draft, "you"))
    answers = {
        "_draft": str(draft.pk),
        "name": '陈"<b>',
        "kind": "person",
        "number": "",
        "_next": "1",
    }
    refused = browser.post(
        address(draft, "you"), answers, headers={"sec-fetch-site": "same-origin"}
    )
    page = refused.content.decode()
    assert refused.status_code == 403 and 'value="陈&quot;&lt;b&gt;"' in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    again = browser.post(address(draft, "you"), answers | {"csrfmiddlewaretoken": token})
    assert again.status_code == 302 and typed(draft)["name"] == '陈"<b>'


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}]
)
def test_a_foreign_page_gets_nothing_echoed(alice, draft, headers):
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, alice)
    sent = browser.post(address(draft, "you"), {"_draft": "x", "name": "planted"}, headers=headers)
    assert sent.status_code == 403 and "planted" not in sent.content.decode()


def test_files_stay_over_errors_and_go_with_their_button(client, alice, draft):
    make_region("330106")
    sign_in(client, alice)
    page = client.post(address(draft, "matter"), {"people": "x", "photos": [png(), png("b.png")]})
    assert page.status_code == 200
    first, second = typed(draft)["photos"]
    assert page.content.decode().count('name="_remove"') == 2
    page = client.post(
        address(draft, "matter"), {"people": "x", "photos": png("c.png"), "_next": ""}
    )
    # Pages of one paper may wait to be joined, so all of them stay.
    said = page.content.decode()
    assert "At most 2 files" in said and "join" in said and len(typed(draft)["photos"]) == 3
    page = client.post(address(draft, "matter"), {"people": "x", "_remove": f"photos:{first}"})
    left = typed(draft)["photos"]
    assert left[0] == second and len(left) == 2 and 'value="x"' in page.content.decode()
    assert not StoredFile.objects.filter(pk=first).exists()
    page = client.post(address(draft, "matter"), {"_remove": "photos:../../etc", "people": "1"})
    assert page.status_code == 200 and typed(draft)["photos"] == left


def test_refused_files_are_said_at_their_question(client, alice, draft):
    make_region("330106")
    sign_in(client, alice)
    wrong = SimpleUploadedFile("b.exe", b"MZ", "image/png")
    fake = SimpleUploadedFile("c.png", b"MZ\x90\x00 not a picture", "image/png")
    page = client.post(address(draft, "matter"), {"photos": [wrong, fake]}).content.decode()
    assert "b.exe" in page and page.count('href="#id_photos"') == 2
    assert not StoredFile.objects.exists()


def test_somebody_elses_file_cannot_be_named(alice, draft):
    theirs = store_file(actor=actor_of(make_citizen("bob")), upload=png())
    with pytest.raises(Unusable) as refusal:
        services.submit_values(
            actor=actor_of(alice),
            napp_version=draft.napp_version,
            form_key="everything",
            values={"name": "x", "kind": "person", "photos": [str(theirs.pk)]},
        )
    assert set(refusal.value.errors) == {"photos"}
