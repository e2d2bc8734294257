"""The link in each letter with which its reader does without letters of that kind."""

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.notifications.unsubscribing import token_of, whose

from .conftest import texts, work_off
from .test_sending import tell, ways

pytestmark = pytest.mark.django_db


def letter(user, dedupe="1", **more):
    tell(user, dedupe, **more)
    work_off()
    return mail.outbox[-1]


def path_of(sent) -> str:
    return "/" + sent.extra_headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]


def test_a_mail_program_unsubscribes_with_one_post(alice, client):
    sent = letter(alice)
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = path_of(sent)
    assert path in sent.body
    strict = type(client)(enforce_csrf_checks=True)
    strict.cookies["gov_language"] = "en"
    assert strict.get(path).status_code == 200
    alice.refresh_from_db()
    assert alice.told_by == {}  # a program that opens every link changes nothing
    for _time in range(2):
        answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and "Undo" in answer.content.decode()
    alice.refresh_from_db()
    assert ways(tell(alice, "2")) == {}
    assert ways(tell(alice, "3", key="other")) == {"email": "pending"}
    strict.post(path, {"do": "undo"})
    alice.refresh_from_db()
    assert ways(tell(alice, "4")) == {"email": "pending"}


def test_what_must_be_acted_on_has_no_such_link(alice):
    sent = letter(alice, key="case.refused")
    assert "List-Unsubscribe" not in sent.extra_headers and "unsubscribe" not in sent.body
    assert whose(token_of(alice.pk, "must_act")) is None


def test_a_letter_to_an_address_given_for_it_has_no_such_link(alice):
    assert "List-Unsubscribe" not in letter(alice, address="else@example.org").extra_headers


def test_other_choices_stay(alice, client):
    alice.told_by = {"progress": ["email"], "other": ["sms"]}
    alice.save()
    path = f"/unsubscribe/{token_of(alice.pk, 'progress')}/"
    client.post(path)
    alice.refresh_from_db()
    assert alice.told_by == {"progress": [], "other": ["sms"]}


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "不再接收"), ("en", "No more e-mails")]
)
def test_the_letter_and_the_page_in_both_languages(alice, client, language, words):
    alice.language = language
    alice.save()
    sent = letter(alice)
    assert words in sent.body
    client.cookies["gov_language"] = language
    assert words in client.get(path_of(sent)).content.decode()


def test_a_text_message_says_shortly_where_to_change_it(alice):
    tell(alice, channels=("sms",))
    work_off()
    (line,) = texts()
    assert line["text"].splitlines()[-1].endswith("/me/channels/")
    assert len(line["text"].splitlines()[-1]) <= 70


@given(st.text(max_size=60))
def test_a_link_not_made_by_us_is_nobodys(text):
    assert whose(text) is None


def test_strangers_links_do_not_exist(alice, client):
    token = token_of(alice.pk, "other")
    for wrong in (token[:-1], f"{alice.pk}-other.x", token_of(0, "other")):
        assert client.get(f"/unsubscribe/{wrong}/").status_code == 404
        assert client.post(f"/unsubscribe/{wrong}/").status_code == 404
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    assert client.post(f"/unsubscribe/{token}/").status_code == 404
