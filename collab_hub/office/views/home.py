"""The first page of the day: what waits, what is late, how the unit is doing."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collab_hub.inbox import selectors
from collab_hub.inbox.lines import inbox_page
from collab_hub.inbox.query import InboxQuery
from platform_core.common.panels import waiting_for

from ..access import office_page
from .inbox import tabs_of

URGENT = 6


@require_safe
@office_page
def home(request):
    now = timezone.now()
    numbers = selectors.today_numbers(request.user, now)
    return render(
        request,
        "office/home.html",
        {
            "now": now,
            "numbers": numbers,
            "waiting": selectors.shown_count(numbers.waiting),
            "late": selectors.shown_count(numbers.late),
            "due_today": selectors.shown_count(numbers.due_today),
            "urgent": inbox_page(request.user, InboxQuery(), now, size=URGENT).rows,
            "stranded": selectors.stranded(request.user, now),
            "tabs": tabs_of(request.user, ("mine", "pool", "snoozed", "cc", "sent", "done")),
            "others": waiting_for(request.user),
            "months": selectors.unit_months(request.user, now),
        },
    )
