"""The door of the report pages, and what several of them answer with."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse

from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.refusals import say_refused
from security.organs.selectors import active_posts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def office_page(view):
    """A page for officials who hold a post; for others it does not exist."""

    @login_required
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.is_official or not active_posts(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def said(request, call) -> bool:
    """Do `call()`; False when it was refused, which is said on the page that comes next."""
    try:
        call()
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
        return False
    return True


def workbook(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )  # fmt: skip
