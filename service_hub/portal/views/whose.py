"""A draft that one may send without a name, opened by somebody who is signed in: under their name,
or without one? Nothing is taken into an account before the person says so.
"""

from django.contrib import messages
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.sessions import draft_or_sign_in
from security.accounts.selectors import mandates_held
from service_hub.items import selectors as items

from ..ends import actor_of, end_of, go, nobody, owner_key
from ..ends import page as draw
from ..sessions import is_nameless, stay_nameless

ITEM = "item:"


def subject_of(draft):
    """The service item that a draft applies for; None for corrections."""
    key = draft.purpose.removeprefix(ITEM)
    return items.items_by_id({key}).get(key) if draft.purpose.startswith(ITEM) else None


def doer(request, draft):
    """Who fills in and sends this draft: nobody known, while it belongs to the browser."""
    is_browsers = draft.user_id is None and draft.purpose.startswith(ITEM)
    return nobody(request) if is_browsers else actor_of(request).under(draft.mandate)


def principals(request, item, actor) -> list:
    """The mandates under which this person may apply for `item`. At the firms' end, and where one
    may stay nameless, people act for nobody else.
    """
    if actor.user is None or end_of(request) == "enterprise" or item.is_anonymous_allowed:
        return []
    return mandates_held(actor.user, f"{item.napp.slug}/{item.key}")


def chosen(mandates: list, key: str):
    """The mandate with this id, or None for the person's own matter."""
    return next((one for one in mandates if str(one.pk) == key), None)


def ask_whose(request, draft):
    """The redirect to the question whose the draft is, or None when that is settled.

    Where an item wants its applicants signed in there is nothing to ask: the draft is theirs.
    """
    item = subject_of(draft)
    if not request.user.is_authenticated or draft.user_id or item is None:
        return None
    if not item.is_anonymous_allowed:
        _adopt(request, draft)
        return go(request, "resume", draft.pk)
    return None if is_nameless(request, draft) else go(request, "whose", draft.pk)


def _adopt(request, draft):
    was_begun = bool(draft.data)
    form_services.adopt_draft(actor=actor_of(request), draft=draft, owner_key=owner_key(request))
    if was_begun:
        messages.success(request, _("The draft is yours now. You find it under “My cases”."))


def whose(request, draft_id):
    """Ask under whose name the draft goes on; POST `as` "me" or "nobody" answers."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    item, chosen = subject_of(draft), request.POST.get("as")
    if draft.user_id or item is None or not request.user.is_authenticated:
        return go(request, "resume", draft.pk)
    if chosen == "me":
        _adopt(request, draft)
    elif chosen == "nobody" and item.is_anonymous_allowed:
        stay_nameless(request, draft)
    else:
        return draw(request, "whose", {"item": item, "draft": draft})
    return go(request, "resume", draft.pk)
