"""Saved groups: audiences that an organ uses again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Unusable
from security.organs.selectors import active_posts

from . import selectors, services
from .audience import read
from .explaining import explained
from .forms import AudienceForm, GroupForm
from .people import members, scope_of


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def groups(request):
    """The groups of one's organs, and the form for another one."""
    data = request.POST if request.method == "POST" else None
    organs = list(
        {one.department_id: one.department for one in active_posts(request.user)}.values()
    )
    form = GroupForm(data, departments=organs)
    who = AudienceForm(data, user=request.user, scope=scope_of(request.user), with_groups=False)
    status = 200
    if data is not None and "find" in data:
        form._errors = {}
    elif data is not None:
        if form.is_valid() and who.is_valid() and _saved(request, form, who, organs):
            return redirect("notices:groups")
        status = 422
    lines = [
        {"group": one, "people": members(read(one.audience)).count(),
         "words": explained(read(one.audience))}
        for one in selectors.groups_for(request.user)
    ]  # fmt: skip
    context = {"lines": lines, "form": form, "who": who, "has_posts": bool(organs),
               "is_wrong": status == 422}  # fmt: skip
    return render(request, "office/notices/groups.html", context, status=status)


def _saved(request, form, who, organs) -> bool:
    chosen = form.cleaned_data["department"]
    department = next(one for one in organs if str(one.pk) == chosen)
    try:
        services.save_group(
            actor=request.actor, department=department, name=form.cleaned_data["name"],
            audience=who.audience(),
        )  # fmt: skip
    except Unusable as error:
        with_errors(form, error.errors)
        return False
    messages.success(request, _("The group is saved."))
    return True


@require_POST
@office_page
def drop(request, group_id):
    """Delete a group of one's organ."""
    found = selectors.group_for(request.user, group_id)
    services.drop_group(actor=request.actor, group=found)
    messages.success(request, _("The group is deleted. Notices that were sent keep their rolls."))
    return redirect("notices:groups")
