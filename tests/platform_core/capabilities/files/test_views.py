import pytest

from platform_core.capabilities.files import services, subjects
from platform_core.capabilities.files.models import StoredFile
from security.actors import Actor
from tests.factories import make_citizen, sign_in

from .conftest import picture

pytestmark = pytest.mark.django_db


def address(file):
    return f"/files/{file.pk}/"


def test_the_sender_gets_the_file_as_an_attachment(client, send_file):
    alice = make_citizen("alice")
    sign_in(client, alice)
    answer = client.get(address(send_file("证明.jpg", picture(), user=alice)))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_a_gif_that_is_also_a_script_stays_a_file(client, send_file):
    alice = make_citizen("alice")
    sign_in(client, alice)
    both = picture("GIF") + b"/*=alert(1)//*/"
    answer = client.get(address(send_file("a.gif", both, user=alice)))
    assert answer["Content-Type"] == "image/gif"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_strangers_and_strange_addresses_get_404(client, send_file):
    file = send_file("a.txt", b"x", user=make_citizen("alice"))
    assert client.get(address(file)).status_code == 404
    sign_in(client, make_citizen("bob"))
    assert client.get(address(file)).status_code == 404
    assert client.get("/files/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert client.get("/files/1/").status_code == 404
    assert client.post(address(file)).status_code == 405


def test_whoever_may_see_the_subject_may_see_its_files(client, send_file, monkeypatch):
    monkeypatch.setattr(subjects, "_deciders", {})
    bob = make_citizen("bob")
    subjects.register_subject("case", lambda user, subject_id, key: user == bob)
    file = send_file("a.txt", b"x", user=make_citizen("alice"))
    sign_in(client, bob)
    assert client.get(address(file)).status_code == 404
    services.link_file(
        actor=Actor.system("test"), file_id=file.pk, subject_type="case", subject_id=7
    )
    assert client.get(address(file)).status_code == 200


@pytest.mark.parametrize("state", ["quarantined", "infected"])
def test_what_is_not_clean_is_never_served(client, send_file, state):
    alice = make_citizen("alice")
    sign_in(client, alice)
    file = send_file("a.txt", b"secret", user=alice)
    StoredFile.objects.update(state=state)
    answer = client.get(address(file))
    assert answer.status_code == 409
    assert b"secret" not in answer.content
