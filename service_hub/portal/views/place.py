"""Choosing the place for which services and offices are shown."""

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from ..ends import link, page
from ..forms import PlaceForm
from ..place import keep_place, place_of_reader


def place(request):
    """The county of this browser; leads back to the page that asked."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = link(request, "home")
    if request.method == "POST":
        form = PlaceForm(request.POST)
        if form.is_valid():
            answer = HttpResponseRedirect(back)
            keep_place(answer, form.cleaned_data["place"])
            return answer
    else:
        known = place_of_reader(request)
        form = PlaceForm(initial={"place": known.code if known else ""})
    return page(request, "place", {"form": form, "next": back})
