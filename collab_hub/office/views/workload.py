"""The work of a unit, person by person, for its head."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collab_hub.inbox import workload as loads

from ..access import office_page


@require_safe
@office_page
def workload(request):
    """Who has how much, how late it is, and who is away."""
    now = timezone.now()
    return render(request, "office/workload.html", {"found": loads.workload(request.user, now)})


@require_safe
@office_page
def load(request, person_id):
    """What one colleague has, or what nobody has taken, to be handed on."""
    person, page = loads.load_of(
        request.user,
        person_id,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "person": person,
        "rows": page.rows,
        "older_url": f"?{urlencode({'after': page.after})}" if page.after else "",
        "newer_url": f"?{urlencode({'before': page.before})}" if page.before else "",
    }
    return render(request, "office/load.html", context)
