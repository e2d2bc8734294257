"""What every endpoint below /api/v1/napps/ begins and ends with: the door, and the mistakes."""

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.response import Response

from platform_core.common.api import problem
from security.access import may

from . import selectors
from .manifest import ManifestInvalid
from .models import NApp
from .problems import Problem


def napp_of(request, slug: str, verb: str) -> NApp:
    """The N-app on which the caller may do `verb`; 404 for everybody else."""
    napp = selectors.napp_by_slug(slug)
    if napp is None or not may(request.user, verb, napp):
        raise Http404
    return napp


def by_place(problems: list[Problem]) -> dict[str, list[str]]:
    """Messages by the place of the mistake."""
    errors: dict[str, list[str]] = {}
    for mistake in problems:
        errors.setdefault(mistake.place, []).append(mistake.message)
    return errors


def refused(error: ManifestInvalid) -> Response:
    """422 with every mistake: section, number of the entry, field, message."""
    return problem(422, _("The manifest has mistakes."), errors=by_place(error.problems))
