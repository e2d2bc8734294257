"""What a browser asks for to install an end: its manifest, the service worker, the page for when
there is no connection. Nothing of them depends on who asks.
"""

import json

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.translation import override
from django.views.decorators.http import require_safe

from . import webapps

HOUR = 3600


@require_safe
def manifest(request, end: str, language: str):
    """The web app manifest of an end. The language stands in the address, because browsers ask for
    manifests without cookies.
    """
    app = webapps.webapp(end)
    if app is None or language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        text = json.dumps(webapps.manifest_of(app), ensure_ascii=False)
    answer = HttpResponse(text, content_type="application/manifest+json")
    patch_cache_control(answer, max_age=HOUR)
    return answer


@require_safe
def service_worker(request):
    """/sw.js: from the root, so that it serves every page. A release has another version, so the
    text differs, and browsers put the new worker in the place of the old one.
    """
    release = json.dumps(webapps.release())
    text = f"self.release = {release};\nimportScripts({json.dumps(static('gov/worker.js'))});\n"
    answer = HttpResponse(text, content_type="text/javascript")
    patch_cache_control(answer, max_age=HOUR)
    return answer


@require_safe
def offline(request, language: str):
    """The page that a device shows when it has no connection."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        answer = render(request, webapps.PAGE)
    answer["Content-Language"] = language
    return answer
