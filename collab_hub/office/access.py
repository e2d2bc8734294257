"""The door of the office: for people who work here. The selectors decide what each sees."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


def works_here(user) -> bool:
    """Whether `user` is an official, an administrator or an auditor."""
    return user.is_authenticated and user.kind != user.Kind.CITIZEN


def office_page(view):
    """Let in who works here; others sign in first, or are told who may enter."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not works_here(request.user):
            raise PermissionDenied(_("The office is for civil servants."))
        return view(request, *args, **kwargs)

    return guarded
