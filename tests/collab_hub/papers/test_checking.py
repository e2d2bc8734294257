"""The press works before a transaction, never inside one: nobody waits for it with a lock."""

import subprocess

import pytest
from django.db import connection

from collab_hub.papers import (
    draft_services,
    flow_services,
    publishing_services,
    receiving_services,
    selectors,
)
from collab_hub.papers.models import Attachment, Paper
from platform_core.capabilities.documents import typesetting
from platform_core.capabilities.files.models import StoredFile
from platform_core.common.errors import Conflict, Unusable
from tests.factories import actor_of

from .makers import agree, make_draft, make_house, notice, submit
from .test_attachments import pdf, take
from .test_redacting import give

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def press(monkeypatch):
    """Every run of the press: whether a transaction was open then. `press.meanwhile` is done while
    it runs, once.
    """
    runs, run = Runs(), subprocess.run

    def watched(*args, **more):
        runs.append(connection.in_atomic_block)
        deed, runs.meanwhile = runs.meanwhile, None
        if deed:
            deed()
        return run(*args, **more)

    monkeypatch.setattr(typesetting.subprocess, "run", watched)
    return runs


class Runs(list):
    meanwhile = None


def save(person, paper, content, base):
    return draft_services.save_revision(
        actor=actor_of(person), paper=paper, content=content, base=base
    )


def test_no_run_of_the_press_is_inside_a_transaction(press):
    house = make_house()
    paper = make_draft(house, files=take(house["clerk"], "plan.pdf"))
    drawn = len(press)
    files = [*selectors.content_of(paper)["files"], *take(house["second"], "map.png")]
    save(house["second"], paper, notice(house, files=files), 1)
    paper.refresh_from_db()
    submit(house, paper)
    agree(paper, house["second"], "review")
    agree(paper, house["head"], "sign")
    flow_services.seal_paper(actor=actor_of(house["clerk"]), paper=paper)
    assert drawn <= 1 and len(press) >= drawn + 4
    assert Paper.objects.get().pdf is not None
    flow_services.send_paper(actor=actor_of(house["clerk"]), paper=paper)
    paper.refresh_from_db()
    runs = len(press)
    plan, _map = selectors.content_of(paper)["files"]
    publishing_services.propose_publication(
        actor=actor_of(house["clerk"]), paper=paper, hidden=[],
        files=dict.fromkeys(selectors.content_of(paper)["files"], "kept") | {plan: "redacted"},
        redacted={plan: give(house, "public.pdf", pdf(1))},
    )  # fmt: skip
    assert len(press) > runs
    (scan,) = take(house["nurse"], "plan.pdf")
    StoredFile.objects.filter(pk=scan).update(sha256="2" * 64)
    receiving_services.register_outside(
        actor=actor_of(house["nurse"]), organ=house["health"], kind="notice", sender="市局",
        number="", content={"title": "通知", "files": [scan]}, scan=scan,
    )  # fmt: skip
    assert len(press) > runs + 1 and not any(press)


def test_whoever_saves_while_the_press_draws_is_not_overwritten(press):
    house = make_house()
    paper = make_draft(house, body="一。")
    files = take(house["clerk"], "plan.pdf")
    StoredFile.objects.filter(pk__in=files).update(sha256="0" * 64)  # bytes that nobody drew before
    press.meanwhile = lambda: save(house["second"], paper, notice(house, body="二。"), 1)
    saved = save(house["clerk"], paper, notice(house, body="三。", files=files), 1)
    assert saved.revision.is_side and saved.paper.head == 2
    assert selectors.content_of(saved.paper)["body"] == "二。"
    # What somebody is asked to agree to is the text that was set, or nothing.
    paper.refresh_from_db()
    press.meanwhile = lambda: save(house["clerk"], paper, notice(house, body="四。"), 2)
    with pytest.raises(Conflict):
        submit(house, paper)


def test_what_was_drawn_is_kept_although_the_act_is_refused(press):
    house = make_house()
    paper = make_draft(house, title="无", files=take(house["clerk"], "plan.pdf"))
    Attachment.objects.update(pages=None)
    with pytest.raises(Unusable) as refused:
        submit(house, paper)
    assert list(refused.value.errors) == ["title"]
    assert Attachment.objects.get().pages == 2
    # A draft that is refused with its file, and sent anew, does not have it drawn twice.
    files = take(house["clerk"], "plan.pdf")
    strange = take(house["nurse"], "list.csv")
    StoredFile.objects.filter(pk__in=files).update(sha256="1" * 64)
    with pytest.raises(Unusable):
        make_draft(house, files=[*files, *strange])
    runs = len(press)
    make_draft(house, files=files)
    assert len(press) == runs and Attachment.objects.get(pk=files[0]).pages == 2
