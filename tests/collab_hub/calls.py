"""Calls of the API in tests."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def post(client, path: str, body=None, key: str = ""):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(path, body or {}, format="json", headers=headers)


def ok(answer, status: int = 200) -> dict:
    """What a call answered when it went well."""
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else {}


def wrong(answer, status: int) -> set[str]:
    """The fields that a refused call names."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    return set(answer.json().get("errors", ()))


def pages(client, path: str, size: int = 1, **asked) -> list[list]:
    """The results of every page, from the first to the last."""
    found, address = [], path
    asked = {} if "?" in path else {**asked, "page_size": size}
    while address:
        body = ok(client.get(address, asked))
        found.append(body["results"])
        address, asked = body["next"], {}
    return found


def queries(client, path: str) -> int:
    """How many queries a call takes; the second time, so that nothing is read for the first time
    in a session.
    """
    ok(client.get(path))
    with CaptureQueriesContext(connection) as captured:
        ok(client.get(path))
    return len(captured)
