"""One duty of the firm: what it is, by when, how it is done."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.workcalendar import days_light
from service_hub.duties import selectors, services
from service_hub.firms.deadlines import SOON

from ..ends import for_firm
from ..ends import page as draw


@for_firm
def duty(request, firm, slug, key, period):
    """POST `do` "mark" says that it is done, with a ground; "unmark" takes that back."""
    line, mark = selectors.line_for(request.user, firm, slug, key, period)
    found = line.duty if line else mark.duty
    definition, errors = selectors.definition_of(found), {}
    if request.method == "POST":
        try:
            messages.success(request, _done(request, firm, line, mark))
            return redirect("firm:duty", slug, key, period)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("firm:duty", slug, key, period)
    left = line.days_left(timezone.localdate()) if line else 0
    context = {
        "duty": found,
        "definition": definition,
        "line": line,
        "mark": mark,
        "light": days_light(left, SOON["duty"]) if line else None,
        "period": selectors.period_words(period),
        "service": found.service.split("/") if found.service else None,
        "may_mark": definition.may_mark and selectors.may_mark(request.user, firm, found),
        "errors": errors,
        "typed": request.POST.get("ground", ""),
    }
    return draw(request, "firm/duty", context, status=422 if errors else 200)


def _done(request, firm, line, mark) -> str:
    do = request.POST.get("do", "")
    if do == "mark" and line:
        services.mark_done(
            actor=request.actor, firm=firm, duty=line.duty, period=line.occurrence.period,
            ground=request.POST.get("ground", ""),
        )  # fmt: skip
        return _("Marked as done.")
    if do == "unmark" and mark:
        services.take_back(actor=request.actor, mark=mark)
        return _("The mark was taken back.")
    raise Conflict(_("Choose what to do."))
