"""The capability catalogue: what the platform can do, documented, and who makes use of it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from data_platform.reuse import selectors

from ..access import office_page


@require_safe
@office_page
def catalogue(request):
    questions = selectors.question_catalogue(request.user)
    return render(
        request,
        "office/capabilities.html",
        {
            "capabilities": selectors.capability_catalogue(request.user),
            "questions": questions,
            "shared": [question for question in questions if len(question.napps) > 1],
            "napps": selectors.published_napps(request.user),
        },
    )


@require_safe
@office_page
def capability(request, key):
    found = selectors.capability(request.user, key)
    return render(request, "office/capability.html", {"capability": found})
