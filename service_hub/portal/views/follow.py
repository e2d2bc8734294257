"""Following a case without an account, by its number and follow-up code."""

from django.utils.translation import gettext as _

from platform_core.common.limits import is_within
from service_hub.cases import selectors as cases
from service_hub.cases.numbers import plain_number

from ..ends import go, page
from ..sessions import remember_case

TRIES_PER_ADDRESS = (20, 600)
TRIES_PER_NUMBER = (10, 3600)


def follow(request):
    """Ask for number and code; guessing is slowed down for each address and each number."""
    number = plain_number((request.POST.get("number") or request.GET.get("number") or "")[:80])
    if request.method != "POST":
        return page(request, "follow", {"number": number, "errors": {}})
    code = request.POST.get("code", "")[:40]
    errors = {}
    if not number:
        errors["number"] = _("Enter the case number. It has 43 characters and is on your receipt.")
    if not code.strip():
        errors["code"] = _("Enter the follow-up code. It is on your receipt.")
    if not errors and not _may_try(request, number):
        errors["code"] = _("Too many tries. Please wait a while, or call 12345.")
    case = None if errors else cases.track(number, code)
    if case is None:
        errors = errors or {
            "code": _("We find no case with this number and code. Check both on your receipt.")
        }
        return page(
            request, "follow", {"number": number, "code": code, "errors": errors}, status=422
        )
    remember_case(request, case)
    return go(request, "case", case.pk)


def _may_try(request, number: str) -> bool:
    by_address = is_within(f"follow:ip:{request.actor.ip}", *TRIES_PER_ADDRESS)
    return is_within(f"follow:number:{number}", *TRIES_PER_NUMBER) and by_address
