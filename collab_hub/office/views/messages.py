"""What an official is told: new tasks, deadlines, answers."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from platform_core.capabilities.notifications import selectors, services

from ..access import office_page

PAGE = 50


@require_safe
@office_page
def inbox(request):
    page = Paginator(selectors.messages_of(request.user), PAGE).get_page(request.GET.get("page"))
    unread = selectors.unread_count(request.user)
    return render(request, "office/messages.html", {"page": page, "unread": unread})


@require_safe
@office_page
def open_message(request, message_id):
    """One message; opening it is reading it."""
    found = selectors.message_for(request.user, message_id)
    services.mark_read(actor=request.actor, message=found)
    return render(request, "office/message.html", {"message": found})


@require_POST
@office_page
def read_all(request):
    services.mark_all_read(actor=request.actor)
    return redirect("office:messages")
