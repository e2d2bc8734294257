"""What every deed in an incident has in common: the lock, who may, the line in the log, who is
told.

All deeds of one incident take its row first, so the log has one order and two people never wait
for one another.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.notifications.services import notify
from platform_core.common.chained import add_line
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.audit.services import record_audit
from security.organs.selectors import active_posts

from .models import Incident, IncidentLine

LONGEST = 2000
# Somebody who is called in an emergency is told by text message too.
CHANNELS = ("in_app", "sms")


def locked(incident) -> Incident:
    """The incident's row, locked. Takes an Incident or its key."""
    found = Incident.objects.select_for_update(of=("self",)).select_related("organ", "region")
    return found.get(pk=getattr(incident, "pk", incident))


def begin(actor, incident, verb: str, *, running: bool = True) -> Incident:
    """The incident, locked, for an actor who may `verb` it ("take_part" or "command").

    Raises NotAllowed, or Conflict once it is over.
    """
    found = locked(incident)
    if not may(actor.user, verb, found):
        raise NotAllowed(
            _("Only those who command the incident do this.")
            if verb == "command"
            else _("Only organs with a role or a task in it do this.")
        )
    if running and not found.is_running:
        raise Conflict(_("The incident is over. Nothing was changed by you."))
    return found


def needed(text, field: str, *, longest: int = LONGEST, is_needed: bool = True) -> str:
    """The text as it is kept. Raises Unusable at `field` when it is missing or too long."""
    text = str(text or "").replace("\x00", "").strip()
    if len(text) > longest or (is_needed and not text):
        raise Unusable({field: [_("Write between 1 and %(n)s characters.") % {"n": longest}]})
    return text


def both(words) -> dict:
    """A name in both languages. Takes {"zh", "en"} or one text."""
    if not isinstance(words, dict):
        words = {"zh": words, "en": words}
    zh, en = (str(words.get(key) or "").strip()[:120] for key in ("zh", "en"))
    return {"zh": zh or en, "en": en or zh}


def write_line(
    actor, incident: Incident, kind: str, at: datetime, *, note="", facts=None, organ=None
) -> IncidentLine:
    """One line of the log, and the audit row that holds its digest. The clock of a server may be
    put back: a line is never older than the one before.
    """
    last = incident.lines.order_by("-seq").values_list("at", flat=True).first()
    line = add_line(
        incident.lines, kind=kind, actor=actor.user, organ=organ or organ_of(actor, incident),
        at=max(at, last) if last else at, note=note, facts=facts,
    )  # fmt: skip
    record_audit(actor=actor, verb=f"incident.{kind}", obj=incident, after={"digest": line.digest})
    return line


def organ_of(actor, incident: Incident):
    """In whose name the actor acts: the commanding organ's if they work there, else the organ of
    the post they act in.
    """
    if actor.user is None:
        return None
    posts = active_posts(actor.user)
    held = {post.department_id: post.department for post in posts}
    if incident.organ_id in held:
        return held[incident.organ_id]
    if actor.post is not None and actor.post.department_id in held:
        return held[actor.post.department_id]
    return posts[0].department if posts else None


def room_url(incident: Incident, name: str = "incident") -> str:
    return reverse(name, args=[incident.pk])


def tell(actor, incident: Incident, person, kind: str, words, dedupe: str, *, page="incident"):
    """Tell one person, on the platform and by text message. `words` gives (title, body) in the
    language in force; both leave after the commit and are tried again while a gateway is away.
    """
    return notify(
        actor=actor, recipient=person, key=f"incident.{kind}",
        title=in_both(lambda: words()[0]), body=in_both(lambda: words()[1]),
        link=room_url(incident, page), dedupe=f"incident:{incident.pk}:{dedupe}:{person.pk}",
        channels=CHANNELS,
    )  # fmt: skip


def now_or(at: datetime | None) -> datetime:
    return at or timezone.now()
