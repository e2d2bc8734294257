"""Pages that N-apps bring into the office."""

from django.views.decorators.http import require_safe

from platform_core.capabilities.pages.views import render_page
from platform_core.napps.selectors import require_reachable

from ..access import office_page


@require_safe
@office_page
def napp_page(request, slug, page):
    return render_page(request, require_reachable(slug).current, page, "office")
