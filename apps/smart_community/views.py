"""The register of grids in the office."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.paging import page_of
from platform_core.common.refusals import say_refused
from security.access import may

from . import selectors, services
from .forms import GridForm
from .menus import HOME

PAGE = 50


@require_safe
@office_page
def grids(request):
    """The grids of one's organs and of those below them."""
    context = {
        "shown": page_of(selectors.grids_for(request.user), PAGE, request.GET.get("page")),
        "keeps": selectors.keeping_organs(request.user),
        "home": HOME,
    }
    return render(request, "smart_community/grids.html", context)


@office_page
def new(request):
    """Enter a grid for one's organ; who works for several chooses which."""
    organs = selectors.keeping_organs(request.user)
    if not organs:
        raise Http404
    places = {one.region.code for one in organs}
    return _edit(request, None, organs, {"code": places.pop() if len(places) == 1 else ""})


@office_page
def edit(request, grid_id):
    """Change a grid of one's organ, or read one."""
    found = selectors.grid_for(request.user, grid_id)
    people = list(found.workers.all())
    initial = {
        "code": found.code, "name": found.name, "households": found.households,
        "is_in_use": found.is_in_use, "version": found.version,
        "leader": next((one.user_id for one in people if one.is_leader), None),
        "workers": [str(one.user_id) for one in people],
    }  # fmt: skip
    return _edit(request, found, [found.department], initial)


def _edit(request, found, organs, initial):
    keeps = found is None or may(request.user, "keep", found)
    data = request.POST if request.method == "POST" else None
    form = GridForm(data, organs=organs, initial=initial)
    form.fields["version"].required = found is not None
    if data is not None and form.is_valid():
        try:
            services.save_grid(actor=request.actor, grid=found, **form.facts())
        except Unusable as error:
            with_errors(form, error.errors)
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
            return redirect(f"{HOME}{found.pk}/" if found else HOME)
        else:
            messages.success(request, _("The grid is saved."))
            return redirect(HOME)
    organ = organs[0] if len(organs) == 1 else None
    context = {"form": form, "grid": found, "organ": organ, "keeps": keeps, "home": HOME}
    status = 422 if form.errors else 200
    return render(request, "smart_community/grid.html", context, status=status)
