"""What is wrong with what somebody wrote in a notice. Raises Unusable."""

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable

LONGEST_ESCALATION = 1440
# Of a title, in each language.
LONGEST_TITLE = 120


def check_words(title: dict, body: dict, minutes: int | None, due_at) -> None:
    """Raises Unusable at "title", "title_en", "body", "escalate_minutes" or "due_at"."""
    errors = {}
    if not any(title.values()):
        errors["title"] = [_("Give the notice a title.")]
    for language, name in (("zh", "title"), ("en", "title_en")):
        if len(title.get(language, "").strip()) > LONGEST_TITLE:
            errors[name] = [_("A title has at most %(n)d characters.") % {"n": LONGEST_TITLE}]
    if not any(body.values()):
        errors["body"] = [_("Write what the notice says.")]
    if minutes is not None and not 1 <= minutes <= LONGEST_ESCALATION:
        errors["escalate_minutes"] = [_("Choose between 1 and 1440 minutes.")]
    if due_at is not None and due_at <= timezone.now():
        errors["due_at"] = [_("This moment is over already.")]
    if errors:
        raise Unusable(errors)


def check_meeting(meeting: dict) -> None:
    """Raises Unusable at "starts_at", "ends_at" or "place"."""
    starts, ends = meeting.get("starts_at"), meeting.get("ends_at")
    if starts is None:
        raise Unusable({"starts_at": [_("Say when the meeting begins.")]})
    if ends is None or ends <= starts:
        raise Unusable({"ends_at": [_("A meeting ends after it begins.")]})
    if meeting.get("room") is not None:
        return
    if not meeting.get("place") and not meeting.get("video_link"):
        raise Unusable({"place": [_("Give a place or a video link.")]})
