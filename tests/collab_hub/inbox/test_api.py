import pytest
from drf_spectacular.generators import SchemaGenerator

from platform_core.capabilities.process import services as process
from tests.factories import actor_of

from ..makers import make_case, open_task

TASKS = "/api/v1/tasks/"


@pytest.fixture
def task(stall):
    return open_task(make_case(stall))


def act(client, task, action="approve", key="", **more):
    headers = {"Idempotency-Key": key} if key else {}
    body = {"action": action, "version": task.version, **more}
    return client.post(f"{TASKS}{task.pk}/actions/", body, format="json", headers=headers)


def test_a_box_lists_its_tasks(api, clerk, task):
    body = api(clerk).get(TASKS).json()
    assert body["count"] == 1
    (found,) = body["results"]
    assert found["id"] == str(task.pk)
    assert found["subject_label"] == task.instance.subject_label
    assert found["light"]["level"] in {"g", "y", "r", "green", "yellow", "red"}
    assert api(clerk).get(TASKS, {"box": "mine"}).json()["count"] == 0
    assert api(clerk).get(TASKS, {"q": "zebra"}).json()["count"] == 0


def test_nobody_else_sees_anything(api, task, stranger, citizen):
    assert api(None).get(TASKS).status_code in {401, 403}
    for user in (stranger, citizen):
        client = api(user)
        assert client.get(TASKS).json()["count"] == 0
        assert client.get(f"{TASKS}{task.pk}/").status_code == 404
        assert act(client, task).status_code == 404
        for name in ("claim", "release"):
            answer = client.post(f"{TASKS}{task.pk}/{name}/", {"version": 1}, format="json")
            assert answer.status_code == 404


def test_a_task_says_what_may_be_done(api, clerk, task):
    body = api(clerk).get(f"{TASKS}{task.pk}/").json()
    assert body["actions"] == ["claim", "approve", "correct", "reject", "transfer"]
    texts = {answer["key"]: answer for answer in body["answers"]}
    assert texts["mobile"]["text"] == "138****2046" and texts["mobile"]["is_masked"]
    assert [event["title"] for event in body["history"]] == ["Sent by the applicant"]


def test_claim_act_and_release(api, clerk, task):
    client = api(clerk)
    claimed = client.post(f"{TASKS}{task.pk}/claim/", {"version": task.version}, format="json")
    assert claimed.status_code == 200 and claimed.json()["assignee"] == "alice"
    stale = client.post(f"{TASKS}{task.pk}/release/", {"version": task.version}, format="json")
    assert stale.status_code == 409
    task.refresh_from_db()
    done = act(client, task, opinion="Fine.")
    assert (done.status_code, done.json()["state"]) == (200, "done")


def test_a_stale_version_is_a_conflict_with_facts(api, clerk, other_clerk, task):
    process.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=task.version)
    answer = act(api(other_clerk), task)
    assert answer.status_code == 409
    body = answer.json()
    assert body["who"] == "Alice" and body["action"] == "approve" and body["at"]
    assert answer["Content-Type"].startswith("application/problem+json")


def test_the_same_key_acts_once(api, clerk, task):
    client = api(clerk)
    first = act(client, task, key="k1")
    again = act(client, task, key="k1")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    other = act(client, task, key="k1", opinion="another body")
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({}, 400, "action"),
        ({"action": "explode", "version": 1}, 400, "action"),
        ({"action": "approve"}, 400, "version"),
        ({"action": "approve", "version": -1}, 400, "version"),
        ({"action": "reject", "version": 1}, 422, "opinion"),
        ({"action": "correct", "version": 1, "opinion": "x"}, 422, "fields"),
        ({"action": "transfer", "version": 1, "to_user": "0"}, 422, "to_user"),
        ({"action": "submit", "version": 1, "data": [1]}, 400, "data"),
    ],
)
def test_what_is_wrong_is_named(api, clerk, task, body, status, path):
    answer = api(clerk).post(f"{TASKS}{task.pk}/actions/", body, format="json")
    assert answer.status_code == status, answer.json()
    assert path in answer.json()["errors"]


def test_the_schema_knows_the_tasks(db):
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    one = f"{TASKS}{{task_id}}/"
    assert {TASKS, one, f"{one}actions/", f"{one}claim/", f"{one}release/"} <= set(paths)
