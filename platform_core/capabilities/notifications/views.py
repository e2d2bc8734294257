"""The page behind the link in each letter: to get no more e-mails of that kind, or again."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from security.accounts.channel_services import choose_channel
from security.accounts.selectors import active_person

from .choices import KIND_WORDS, OUTSIDE
from .letters import CHANNELS_PAGE
from .unsubscribing import whose


# The link is the proof; a mail program that posts to it has no cookie (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token: str):
    """GET asks, because programs open links by themselves; POST does it, and `do` "undo" undoes."""
    user_id, kind = whose(token) or (None, "")
    user = active_person(user_id)
    if user is None:
        raise Http404
    is_on = "email" in user.told_by.get(kind, OUTSIDE)
    if request.method == "POST":
        is_on = request.POST.get("do") == "undo"
        choose_channel(
            actor=request.actor, user=user, kind=kind, channel="email", wanted=is_on, whole=OUTSIDE
        )
    context = {
        "kind": KIND_WORDS[kind][0],
        "note": KIND_WORDS[kind][1],
        "is_on": is_on,
        "is_done": request.method == "POST",
        "channels_page": CHANNELS_PAGE,
    }
    return render(request, "notifications/unsubscribe.html", context)
