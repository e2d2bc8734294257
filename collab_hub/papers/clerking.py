"""What the services of papers have in common: locks, traces, steps, what waits, who is told.

Every function is called inside the transaction of a service.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from collab_hub.inbox.work import close_work, put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.notifications.services import notify
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.services import send
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import heads_at, officials_of

from . import states
from .annexing import titles_of
from .grams import grams, plain
from .models import Paper, Receipt, Revision, Step, Trace

TIMER = "papers.sign_in_due"
LONGEST_WORDS = 2000
# Working days within which something about a paper is to be done, by its urgency.
DAYS = {"": 3, "urgent": 1, "flash": 0}
SIGN_IN_DAYS = {"": 1, "urgent": 0, "flash": 0}


def lock_paper(paper: Paper) -> Paper:
    return (
        Paper.objects.select_for_update(of=("self",))
        .select_related("department__region", "drafter")
        .get(pk=paper.pk)
    )


def lock_receipt(receipt: Receipt) -> Receipt:
    """The paper's row is locked first everywhere, so that nobody waits in a circle."""
    paper = lock_paper(Paper(pk=receipt.paper_id))
    found = Receipt.objects.select_for_update(of=("self",)).select_related("organ")
    found = found.get(pk=receipt.pk)
    found.paper = paper
    return found


def lock_step(step: Step) -> Step:
    paper = lock_paper(Paper(pk=step.paper_id))
    found = Step.objects.select_for_update(of=("self",)).get(pk=step.pk)
    found.paper = paper
    if found.state != Step.State.OPEN:
        raise Conflict(_("This was done already."))
    return found


def moved(course: str, row, act: str) -> str:
    """The state after the act; Conflict, in words, when it does not fit."""
    try:
        return states.move(course, row.state, act)
    except states.NotPossible:
        said = _("The document is no longer in the state that this needs. It is now: %(state)s.")
        raise Conflict(said % {"state": row.get_state_display()}) from None


def words(text: str, field: str = "opinion", *, is_needed: bool = False) -> str:
    """What somebody says, fit to keep. Unusable at `field`."""
    text = str(text or "").replace("\x00", "").replace("\r\n", "\n").strip()
    if is_needed and not text:
        raise Unusable({field: [_("Say why.")]})
    if len(text) > LONGEST_WORDS:
        raise Unusable({field: [_("At most %(n)s characters.") % {"n": LONGEST_WORDS}]})
    return text


def trace(actor, paper: Paper, act: str, *, receipt=None, note: str = "", at=None) -> None:
    organ = receipt.organ_id if receipt else None
    if organ is None and actor.post is not None:
        organ = actor.post.department_id
    Trace.objects.create(
        paper=paper, receipt=receipt, act=act, actor=actor.user, organ_id=organ, note=note,
        at=at or timezone.now(),
    )  # fmt: skip
    record_audit(actor=actor, verb=f"paper.{act}", obj=receipt or paper)


def shown_title(paper: Paper) -> dict:
    """The title as inboxes and messages show it: of a secret paper they show none."""
    if paper.secrecy:
        return in_both(lambda: _("A secret document"))
    title = paper.title or paper.kind
    return {"zh": title, "en": title}


def due(at: datetime, days: int) -> dict:
    """When something is due and when its light turns yellow; nothing past the known calendar."""
    return {
        "due_at": workcalendar.if_known(workcalendar.due_at, at, days),
        "warn_at": workcalendar.if_known(workcalendar.warn_at, at, days),
    }


REASONS = {
    "review": lambda: _("You are asked to check the draft"),
    "countersign": lambda: _("Your organ is asked to countersign"),
    "sign": lambda: _("You are asked to sign"),
    "instruct": lambda: _("You are asked for instructions"),
    "handle": lambda: _("You are to handle it"),
    "circulate": lambda: _("Passed to you to read"),
    "receive": lambda: _("Your organ is to sign it in"),
    "publish": lambda: _("A colleague wants to publish it"),
    "returned": lambda: _("It came back to you"),
    "files": lambda: _("A file of it was added or replaced"),
}


def open_step(actor, paper: Paper, kind: str, *, person=None, organ=None, receipt=None,
              at=None, days: int | None = None) -> Step:  # fmt: skip
    """Ask a person, or an organ, about the paper; what waits appears in their inbox."""
    step, is_new = Step.objects.get_or_create(
        paper=paper, receipt=receipt, kind=kind, person=person, organ=organ,
        state=Step.State.OPEN, defaults={"revision": paper.head},
    )  # fmt: skip
    at = at or timezone.now()
    let_wait(actor, f"paper_{kind}", step, paper, person=person, organ=organ, receipt=receipt,
             days=DAYS[paper.urgency] if days is None else days, at=at)  # fmt: skip
    if is_new and person is not None:
        tell(actor, person, paper, kind, dedupe=f"paper-step:{step.pk}", receipt=receipt)
    return step


def let_wait(actor, kind: str, obj, paper: Paper, *, person=None, organ=None, receipt=None,
             days: int, at: datetime) -> None:  # fmt: skip
    """Put it into the inbox of the person, or of the organ: of a secret paper only of its heads."""
    content = {
        "title": shown_title(paper),
        "reason": in_both(REASONS[kind.removeprefix("paper_")]),
        "number": paper.shown_number,
        "address": page_of(paper, receipt),
        **due(at, days),
    }
    if person is None and not paper.secrecy:
        put_work(actor=actor, kind=kind, obj=obj, department=organ, **content)
        return
    for one in _heads(organ) if person is None else [person]:
        put_work(actor=actor, kind=kind, obj=obj, person=one, department=organ, **content)


def page_of(paper: Paper, receipt: Receipt | None = None) -> tuple[str, list]:
    if receipt is not None:
        return "paper_receipt", [receipt.pk]
    return "paper", [paper.pk]


def _heads(organ: Department) -> list:
    """Who heads the organ today, or, when nobody does, who heads those above it."""
    return heads_at(organ, is_above=False) or heads_at(organ)


def people_to_tell(paper: Paper, organ: Department) -> list:
    """Who hears about a paper for an organ: everybody there, of a secret one its heads."""
    return _heads(organ) if paper.secrecy else officials_of(organ)


def close_step(actor, step: Step, state: str, opinion: str = "", *, at=None) -> Step:
    step.state, step.opinion = state, opinion
    step.closed_at, step.closed_by = at or timezone.now(), actor.user
    step.save(update_fields=["state", "opinion", "closed_at", "closed_by"])
    is_cancelled = state == Step.State.CANCELLED
    close_work(actor=actor, kind=f"paper_{step.kind}", obj=step, outcome=state,
               is_cancelled=is_cancelled)  # fmt: skip
    return step


def cancel_steps(actor, paper: Paper, **which) -> None:
    """Whatever is still asked about the paper on its way out is no longer needed."""
    for step in paper.steps.select_for_update().filter(state=Step.State.OPEN, **which):
        close_step(actor, step, Step.State.CANCELLED)


def tell(actor, person, paper: Paper, occasion: str, *, dedupe: str, receipt=None) -> None:
    """A message to a person about the paper."""
    name, args = page_of(paper, receipt)
    reasons, title = in_both(REASONS[occasion]), shown_title(paper)
    body = in_both(lambda: pgettext("paper message", "{reason}: {title}"))
    body = {
        language: body[language].replace("{reason}", reasons[language])
        .replace("{title}", title[language].replace("{", "(").replace("}", ")"))
        for language in body
    }  # fmt: skip
    notify(
        actor=actor, recipient=person, key=f"paper.{occasion}",
        title=in_both(lambda: _("Official document")), body=body,
        dedupe=dedupe, link=reverse(name, args=args),
    )  # fmt: skip


def must(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("This is for the organ whose document it is, or for whoever is asked."))


def keep_revision(actor, paper: Paper, content: dict) -> Revision:
    """Make `content` the paper's text; the paper's row is locked or new."""
    paper.head += 1
    revision = Revision.objects.create(
        paper=paper, number=paper.head, author=actor.user, content=content
    )
    told = ("title", "matters", "body", "attachments", "remark")
    text = "\n".join([*(content[name] for name in told), *titles_of(paper, content).values()])
    paper.title, paper.secrecy, paper.urgency = (
        content["title"][:200], content["secrecy"], content["urgency"],
    )  # fmt: skip
    paper.plain, paper.grams = plain(text), grams(f"{text} {paper.shown_number} {paper.sender}")
    paper.save()
    return revision


def remind_later(receipt: Receipt, moment: datetime, turn: int) -> None:
    """A timer: whoever has not signed in by then is urged."""
    send(
        topic=TIMER, key=f"{TIMER}:{receipt.pk}:{turn}",
        payload={"receipt": str(receipt.pk), "turn": turn}, due_at=moment,
    )  # fmt: skip
