"""Without Redis or the database people get clear words and keep what they typed."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.factories import PASSWORD, make_citizen, make_official, sign_in

pytestmark = pytest.mark.django_db
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browser(settings):
    """A browser that reads English and sees error pages instead of tracebacks."""
    found = Client(raise_request_exception=False)
    found.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return found


@pytest.fixture
def redis_is_down(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }


@pytest.fixture
def no_database():
    """Every statement fails as it does when the server has gone away."""

    def gone(execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")

    return lambda: connection.execute_wrapper(gone)


def html(answer) -> str:
    return answer.content.decode()


def test_nobody_signs_in_without_redis_and_is_told_so(browser, redis_is_down):
    alice = make_citizen("alice")
    data = {"login": "alice", "password": PASSWORD}
    answer = browser.post("/accounts/login/", data, headers=SAME_SITE)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "Nobody can sign in" in html(answer)
    assert PASSWORD not in html(answer)
    assert "_auth_user_id" not in browser.session
    browser.cookies["gov_language"] = "zh-hans"
    assert "暂时无法登录" in html(browser.post("/accounts/login/", data))
    assert alice.is_active


@pytest.mark.parametrize("path", ["/", "/services/", "/cases/", "/office/", "/admin/"])
def test_pages_without_the_database(browser, no_database, path):
    sign_in(browser, make_official("bob"))
    with no_database():
        answer = browser.get(path)
    assert answer.status_code == 503, path
    assert answer["Retry-After"] == "30"
    assert "Closed for a moment" in html(answer)


def test_nobody_in_particular_without_the_database(browser, no_database):
    with no_database():
        assert browser.get("/services/").status_code == 503
        assert browser.get("/healthz").status_code == 200


def test_what_was_typed_is_offered_again(browser, no_database):
    sign_in(browser, make_official("bob"))
    data = {
        "opinion": "Two pages are <missing> 𠮷",
        "new_password": "secret-one",
        "fields": ["a", "b"],
    }
    path = "/office/tasks/00000000-0000-4000-8000-000000000000/act/"
    with no_database():
        answer = browser.post(path, data, headers=SAME_SITE)
        foreign = browser.post(path, data, headers={"Sec-Fetch-Site": "cross-site"})
    shown = html(answer)
    assert answer.status_code == foreign.status_code == 503
    assert "Two pages are &lt;missing&gt; 𠮷" in shown and "Send it once more" in shown
    assert shown.count('name="fields"') == 2
    assert f'action="{path}"' in shown
    assert "secret-one" not in shown
    assert "missing" not in html(foreign)


def test_programs_get_a_problem(browser, no_database):
    with no_database():
        answer = browser.get("/api/v1/items/")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 503
    assert answer["Retry-After"] == "30"


def test_other_failures_stay_what_they_are(browser):
    def broken(execute, sql, params, many, context):
        raise RuntimeError("a mistake of ours")

    with connection.execute_wrapper(broken):
        assert browser.get("/services/").status_code == 500
