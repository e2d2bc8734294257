"""Carrying out what a form asks, and saying why not, the same way on every page."""

from __future__ import annotations

from django.contrib import messages
from django.utils.translation import gettext as _

from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused


def carried_out(request, form, call, said: str, *, fields: dict | None = None) -> bool:
    """Run `call()` and say `said`. False when the form has to be shown again with what is wrong at
    its fields; `fields` maps a service's names to the form's.
    """
    try:
        call()
    except Unusable as error:
        named = {(fields or {}).get(name, name): words for name, words in error.errors.items()}
        if form is None:
            messages.warning(request, next(iter(named.values()), [""])[0])
            return True
        with_errors(form, named)
        return False
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
        return True
    messages.success(request, said)
    return True


def done() -> str:
    return _("Done. It stands in the log.")
