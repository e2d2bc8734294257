"""My messages and my data: what is held about me, who looked, and a copy to take along."""

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.selectors import wallet_of
from platform_core.capabilities.forms.earlier import allows_earlier
from platform_core.capabilities.notifications import selectors as notifications
from platform_core.capabilities.notifications import services as notification_services
from security.accounts import selectors as accounts
from security.identifiers import mask_citizen_number, mask_name
from service_hub import export as exports
from service_hub.cases import selectors as cases
from service_hub.seen import looks_at_person

from ..cards import draft_cards, todo_lines
from ..ends import actor_of, for_person, go, owner_key, page
from .channels import own_addresses

PAGE_SIZE = 20


@for_person
def messages(request):
    """Everything the platform told me, newest first; POST marks all as read."""
    if request.method == "POST":
        notification_services.mark_all_read(actor=actor_of(request))
        notes.success(request, _("All messages are marked as read."))
        return go(request, "messages")
    found = notifications.with_trails(notifications.messages_of(request.user))
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    for one in shown:
        one.trail = notifications.trail(one)
    return page(request, "messages", {"shown": shown})


@for_person
def message(request, message_id):
    """Open one message: it counts as read, and leads to what it is about."""
    found = notifications.message_for(request.user, message_id)
    notification_services.mark_read(actor=actor_of(request), message=found)
    if url_has_allowed_host_and_scheme(found.link, allowed_hosts=None):
        return redirect(found.link)
    return go(request, "messages")


@for_person
def me(request):
    """What we hold about the person (masked), whom they may act for, and who looked at it."""
    actor = actor_of(request)
    identity = accounts.identity_of(request.user)
    context = {
        "identity": {
            "name": mask_name(identity.real_name),
            "number": mask_citizen_number(identity.citizen_number),
            "verified_at": identity.verified_at,
        }
        if identity
        else None,
        "todos": todo_lines(request, actor),
        "own": own_addresses(request.user),
        "earlier": allows_earlier(request.user),
        "mandates": accounts.mandates_of(request.user),
        "drafts": draft_cards(actor.user, owner_key(request), actor.firm),
        "case_count": cases.cases_of(actor.user, actor.firm).count(),
        "document_count": wallet_of(actor.user, actor.firm).count(),
        "looks": looks_at_person(actor.user, actor.firm),
    }
    return page(request, "me", context)


@for_person
def export(request):
    """A copy of my data in a file that other programs can read (Personal Information
    Protection Law art. 45): JSON, or with `?as=csv` tables for a spreadsheet in a ZIP.
    """
    if request.GET.get("as") == "csv":
        packed = exports.person_archive(actor=actor_of(request))
        answer = HttpResponse(packed, content_type="application/zip")
        answer["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    else:
        answer = JsonResponse(
            exports.person_export(actor=actor_of(request)),
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
        answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer["Cache-Control"] = "no-store"
    return answer
