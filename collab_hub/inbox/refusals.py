"""What stands in the way of one of several, and of no other."""

from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.workcalendar import CalendarUnknown

REFUSALS = (Conflict, NotAllowed, Unusable, CalendarUnknown, Http404)


def refused_words(error: Exception) -> str:
    """Why one of several was not carried out, in a sentence."""
    if isinstance(error, Http404):
        return _("This task is not there any more, or not for you.")
    if isinstance(error, Unusable):
        return " ".join(message for messages in error.errors.values() for message in messages)
    return str(error)
