"""How I want to be told: by kind of message and channel."""

from django.contrib import messages
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.choices import (
    KINDS,
    MUST_ACT,
    OTHER,
    OUTSIDE,
    PROGRESS,
)
from security.accounts.channel_services import choose_channels
from security.identifiers import mask_mobile

from ..ends import for_person, go, page


def kind_words() -> dict[str, tuple[str, str]]:
    """{kind: (title, what it is)} in the reader's language."""
    return {
        MUST_ACT: (
            _("What I have to act on"),
            _("Corrections, refusals, longer terms. One of the two always goes out."),
        ),
        PROGRESS: (_("How my cases go on"), _("Sent, accepted, done.")),
        OTHER: (_("Everything else"), _("Answers, reminders, notices.")),
    }


@for_person
def channels(request):
    """Tick the channels for each kind; on the platform everything is shown always."""
    user = request.user
    if request.method == "POST":
        choices = {
            kind: [one for one in OUTSIDE if f"{kind}-{one}" in request.POST] for kind in KINDS
        }
        choose_channels(actor=request.actor, choices=choices)
        messages.success(request, _("Noted. It holds from the next message on."))
        return go(request, "channels")
    rows = [
        {
            "kind": kind,
            "title": title,
            "note": note,
            "email": "email" in user.told_by.get(kind, OUTSIDE),
            "sms": "sms" in user.told_by.get(kind, OUTSIDE),
        }
        for kind, (title, note) in kind_words().items()
    ]
    phone = mask_mobile(user.phone) if user.phone else ""
    return page(request, "channels", {"rows": rows, "email": user.email, "phone": phone})
