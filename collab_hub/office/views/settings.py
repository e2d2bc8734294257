"""How an official wants to work: language, type size, single-key shortcuts, on which devices."""

from hashlib import sha256

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from platform_core.capabilities.notifications import device_services, push
from platform_core.capabilities.notifications.selectors import devices_of
from platform_core.common.errors import Unusable

from ..access import office_page
from ..devices import name_of
from ..forms import DeviceForm, with_errors


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def settings(request):
    """What is sent is a device: the browser asked its push service for an address."""
    if request.method != "POST":
        return _page(request, DeviceForm(initial={"name": name_of(_browser(request))}))
    form = DeviceForm(request.POST)
    if form.is_valid():
        try:
            device_services.add_device(actor=request.actor, **form.cleaned_data)
        except Unusable as error:
            with_errors(form, error.errors)
        else:
            messages.success(request, _("From now on this device tells you of messages."))
            return _back()
    return _page(request, form, status=422)


@require_POST
@office_page
def forget_device(request, device_id):
    device_services.forget_device(actor=request.actor, device_id=device_id)
    messages.success(request, _("This device no longer hears of messages."))
    return _back()


def _back():
    return redirect(f"{reverse('office:settings')}#devices")


def _browser(request) -> str:
    return request.headers.get("User-Agent", "")


def _page(request, form, *, status: int = 200):
    devices = list(devices_of(request.user))
    for one in devices:
        # By it the page finds the line of the browser it is shown in.
        one.digest = sha256(one.endpoint.encode()).hexdigest()
    context = {"form": form, "devices": devices, "push_key": push.public_key()}
    return render(request, "office/settings.html", context, status=status)
