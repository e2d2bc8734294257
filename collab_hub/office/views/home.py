"""The first page of the day: what waits, what is late, how the unit is doing."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collab_hub.inbox import selectors
from collab_hub.inbox.query import InboxQuery
from platform_core.common.panels import waiting_for

from ..access import office_page
from .inbox import tabs_of

URGENT = 6


@require_safe
@office_page
def home(request):
    now = timezone.now()
    urgent = selectors.tasks(request.user, InboxQuery(), now)[:URGENT]
    return render(
        request,
        "office/home.html",
        {
            "now": now,
            "numbers": selectors.today_numbers(request.user, now),
            "urgent": [selectors.row(task, now, request.user) for task in urgent],
            "stranded": selectors.stranded(request.user, now),
            "tabs": tabs_of(request.user, ("mine", "pool", "cc", "sent", "done")),
            "others": waiting_for(request.user),
            "months": selectors.unit_months(request.user, now),
        },
    )
