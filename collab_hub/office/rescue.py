"""What an official sent after the session had ended waits in the browser's next session.

It is sealed there, offered again on the task's page after signing in, and carried out by nobody
but the person who presses the button once more.
"""

from django.http import QueryDict

from platform_core.common.resending import IS_KEPT
from security.accounts.middleware import ENDED_OF
from security.crypto import Unreadable, seal, unseal

KEY = "office.rescued"
MAX_KEPT = 200_000


def keep_sent(request, task_id) -> None:
    """Keep what this request posted about a task; of several the newest."""
    setattr(request, IS_KEPT, True)
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    text = sent.urlencode()
    if len(text) <= MAX_KEPT:
        request.session[KEY] = {
            "task": str(task_id),
            "user": getattr(request, ENDED_OF, None),
            "sent": seal(text, _context(task_id)),
            "files": bool(request.FILES),
        }


def take_sent(request, task_id) -> tuple[QueryDict | None, bool]:
    """What was kept for this task and whether files got lost, once.

    Another person who signs in at the same desk does not get it, where it is known whose it was.
    """
    kept = request.session.get(KEY)
    if not kept or kept["task"] != str(task_id):
        return None, False
    del request.session[KEY]
    if kept["user"] not in (None, str(request.user.pk)):
        return None, False
    try:
        return QueryDict(unseal(kept["sent"], _context(task_id))), kept["files"]
    except Unreadable:
        return None, False


def _context(task_id) -> str:
    return f"office.rescued:{task_id}"
