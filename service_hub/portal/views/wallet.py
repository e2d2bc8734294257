"""The wallet: what a person or firm holds, to show at a counter, to download, to copy for one
use.
"""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.capabilities.documents import numbers, selectors, services
from platform_core.common.errors import Conflict, Unusable

from ..ends import actor_of, for_person, go, link, page

PAGE_SIZE = 20


def _filters() -> dict[str, str]:
    return {
        "": pgettext("documents", "All"),
        "valid": pgettext("documents", "Valid"),
        "expired": pgettext("documents", "Expired"),
        "ended": pgettext("documents", "Revoked or replaced"),
    }


@for_person
def wallet(request):
    """Everything that I, or the firm I act for, was given; filtered by whether it counts."""
    actor = actor_of(request)
    chosen = request.GET.get("state", "")
    filters = _filters()
    chosen = chosen if chosen in filters else ""
    found = selectors.wallet_of(actor.user, actor.firm, chosen)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "cards": [{"document": one, "standing": selectors.standing(one)} for one in shown],
        "filters": [(key, words, key == chosen) for key, words in filters.items()],
        "chosen": chosen,
    }
    return page(request, "wallet", context)


def _mine(request, document_id):
    actor = actor_of(request)
    return selectors.held_document(actor.user, document_id, actor.firm)


def _shown(document) -> dict:
    return {
        "document": document,
        "standing": selectors.standing(document),
        "code": numbers.shown_code(document.verify_code),
    }


@for_person
def document(request, document_id):
    """One document: what it says, and what can be done with it."""
    mine = _mine(request, document_id)
    context = _shown(mine) | {"copies": selectors.copies_of(mine)}
    return page(request, "document", context)


@for_person
def show(request, document_id):
    """The QR code as large as the screen, to be scanned at a counter."""
    return page(request, "show", _shown(_mine(request, document_id)))


@for_person
def copy(request, document_id):
    """Make a copy for one use: for what, for whom, until when."""
    mine = _mine(request, document_id)
    typed, errors = {}, {}
    if request.method == "POST":
        typed = {
            name: request.POST.get(name, "").replace("\x00", "")[:200]
            for name in ("purpose", "recipient", "expires_on")
        }
        try:
            services.copy_document(
                actor=actor_of(request),
                document=mine,
                purpose=typed["purpose"],
                recipient=typed["recipient"],
                expires_on=_day(typed["expires_on"]),
            )
            messages.success(request, _("The copy is ready. Download it below."))
            return go(request, "document", mine.pk)
        except Unusable as error:
            errors = error.errors
        except Conflict as error:
            messages.warning(request, str(error))
            return go(request, "document", mine.pk)
    context = _shown(mine) | {
        "typed": typed,
        "errors": {name: said[0] for name, said in errors.items()},
        "back": link(request, "document", mine.pk),
    }
    return page(request, "copy", context, status=422 if errors else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
