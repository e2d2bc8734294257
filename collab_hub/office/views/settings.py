"""How an official wants to work: language, type size, single-key shortcuts."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import office_page


@require_safe
@office_page
def settings(request):
    return render(request, "office/settings.html")
