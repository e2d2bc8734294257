"""A task that a silent decision table leaves to the head of the department."""

import pytest

from tests.factories import make_official, sign_in
from tests.platform_core.capabilities.process.makers import make_napp, open_task, start
from tests.platform_core.capabilities.process.test_decisions import STEPS, TABLE

pytestmark = pytest.mark.django_db


def test_the_head_sees_what_to_do_and_goes_on_by_hand(client):
    head = make_official("frank", kind="market", duties=["head"])
    head.posts.update(is_head=True)
    strict = {**TABLE, "incomplete": False, "default": {"weight": 0}}
    instance = start(make_napp(STEPS, decisions=[strict]), facts={"dangerous": "perhaps"})
    task = open_task(instance)
    sign_in(client, head)
    address = f"/office/tasks/{task.pk}/"
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "Try again" in page
    sent = {"action": "approve", "version": task.version}
    assert client.post(f"{address}act/", sent).status_code == 302
    assert open_task(instance).node == "easy"
