"""A kind of work for tests, and items of it."""

import uuid

from collab_hub.inbox.work import WorkAction, close_work, put_work, register_work_kind
from tests.factories import MAKER


def confirm(*, actor, item, opinion):
    close_work(actor=actor, item=item, outcome="confirm")


NOTICE = register_work_kind(
    "test_notice",
    "Notice to confirm",
    "bell",
    actions=[
        WorkAction("confirm", "Confirm", confirm, done="Confirmed", usual=True),
        WorkAction("refuse", "Refuse", confirm, asks=True),
    ],
)


register_work_kind("test_oath", "Oath to sign", is_personal=True)


def put(person=None, *, obj=None, kind: str = NOTICE.key, **more):
    """A notice that waits for `person`, or for `department` and `groups`."""
    more.setdefault("title", {"zh": "通知", "en": "A notice"})
    more.setdefault("address", ("office:home", []))
    obj = obj or ("test.Notice", uuid.uuid4())
    return put_work(actor=MAKER, kind=kind, obj=obj, person=person, **more)
