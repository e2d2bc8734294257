"""What a browser asks for to install an end. It is the same for everybody."""

import json

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.translation import trans_real

from platform_core.common import webapps
from tests.factories import make_staff, sign_in


@pytest.mark.parametrize(
    ("language", "name", "inbox"),
    [("zh-hans", "政务一体化平台协同办公", "待办"), ("en", "Govplatform Office", "Inbox")],
)
def test_the_office_is_described_in_the_readers_language(client, language, name, inbox):
    answer = client.get(f"/app/office/{language}.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    found = json.loads(answer.content)
    assert (found["name"], found["display"], found["scope"]) == (name, "standalone", "/")
    assert found["start_url"] == found["id"] == "/office/"
    assert [one["url"] for one in found["shortcuts"]][:2] == ["/office/inbox/", "/office/notices/"]
    assert found["shortcuts"][0]["name"] == inbox
    purposes = {(one["sizes"], one["purpose"]) for one in found["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= purposes


@pytest.mark.parametrize("path", ["/app/nothing/en.webmanifest", "/app/office/fr.webmanifest",
                                  "/offline/fr/"])  # fmt: skip
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_another_release_of_the_static_files_is_another_worker(client, monkeypatch):
    answer = client.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript" and answer["Cache-Control"] == "max-age=3600"
    before = answer.content
    assert client.get("/sw.js").content == before
    monkeypatch.setattr(staticfiles_storage._wrapped, "manifest_hash", "7f3a", raising=False)
    assert client.get("/sw.js").content != before
    assert webapps.release()["is_fixed"]


def test_another_template_or_word_of_the_kept_page_is_another_worker(
    client, tmp_path, settings, monkeypatch
):
    def worker() -> bytes:
        return client.get("/sw.js").content

    before = worker()
    (tmp_path / "offline.html").write_text('{% translate "No connection" %}')
    settings.TEMPLATES = [{**one, "DIRS": [tmp_path, *one["DIRS"]]} for one in settings.TEMPLATES]
    other_template = worker()
    words = trans_real.translation("zh-hans")._catalog
    monkeypatch.setitem(words, "No connection", "没有网络")
    other_words = worker()
    assert len({before, other_template, other_words}) == 3
    assert worker() == other_words


def test_the_worker_keeps_files_and_the_page_for_no_connection_only(client):
    kept = webapps.release()
    assert all(one.startswith("/static/") for one in kept["files"])
    assert set(kept["pages"].values()) == {"/offline/zh-hans/", "/offline/en/"}


@pytest.mark.django_db
def test_staff_get_it_before_their_second_factor_and_nothing_of_theirs_is_in_it(client):
    nobody = {path: client.get(path).content for path in ("/sw.js", "/offline/en/")}
    user = make_staff("alice", kind="official", name="Alice Zhou", second_factor=False)
    sign_in(client, user, second_factor=False)
    for path, content in nobody.items():
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, content)
    assert "Alice" not in nobody["/offline/en/"].decode()
    assert "网络已断开" in client.get("/offline/zh-hans/").content.decode()
