"""Carrying out what a page's form asks for, and giving back what was typed when it cannot be."""

from django.contrib import messages

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused


def carry_out(request, call) -> tuple[bool, dict, int]:
    """(done, {field: [words]}, status) of `call()`, which gives what is said when it went well."""
    try:
        messages.success(request, call())
    except Unusable as error:
        return False, error.errors, 422
    except Conflict as error:
        say_refused(request, error)
        return False, {}, 409
    except NotAllowed as error:
        say_refused(request, error)
        return False, {}, 403
    return True, {}, 302


def chosen(people, text):
    """The one of `people` whose id was sent, or None."""
    return next((one for one in people if str(one.pk) == str(text)), None)
