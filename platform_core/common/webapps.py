"""The service ends as installable web apps: what each is called on a phone and where it begins."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override

# The page that says “no connection”, and the files without which it could not be drawn.
PAGE = "offline.html"
FILES = ("gov/app.css", "gov/app.js", "gov/office.js", "gov/sprite.svg", "gov/mark.svg")
COLOUR, PAPER = "#03303c", "#f4f6f7"
PICTURES = (
    ("gov/app-192.png", "192x192", "any"),
    ("gov/app-512.png", "512x512", "any"),
    ("gov/app-maskable-512.png", "512x512", "maskable"),
)


@dataclass(frozen=True)
class WebApp:
    """An `end` that can be installed: its names, the address it begins at, and what a long press
    on its picture offers, each (label, url name).
    """

    end: str
    name: object
    short_name: object
    description: object
    start: str
    shortcuts: tuple[tuple[object, str], ...] = ()


_apps: dict[str, WebApp] = {}


def register_webapp(app: WebApp) -> None:
    """Make an end installable, or describe it anew."""
    _apps[app.end] = app


def webapp(end: str) -> WebApp | None:
    return _apps.get(end)


def manifest_of(app: WebApp) -> dict:
    """The web app manifest in the language in force."""
    start = reverse(app.start)
    return {
        "id": start,
        "name": str(app.name),
        "short_name": str(app.short_name),
        "description": str(app.description),
        "lang": "en" if get_language() == "en" else "zh-CN",
        "dir": "ltr",
        "start_url": start,
        # Sign-in, files and documents lie beside the end and still belong inside the window.
        "scope": "/",
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": PAPER,
        "icons": [
            {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in PICTURES
        ],
        "shortcuts": [
            {
                "name": str(label),
                "url": reverse(name),
                "icons": [{"src": static(PICTURES[0][0]), "sizes": PICTURES[0][1]}],
            }
            for label, name in app.shortcuts
        ],
    }


def page_in(language: str) -> str:
    """The page for when there is no connection, as it reads for nobody in particular."""
    with override(language):
        return render_to_string(PAGE)


def release() -> dict:
    """What the service worker keeps on a device, and under which version: other static files, or
    another word of a kept page, are another version, which takes the place of the one before.
    """
    files = [static(path) for path in FILES]
    named = getattr(staticfiles_storage, "manifest_hash", "") or ""
    kept = [named, *files, *(page_in(code) for code, _name in settings.LANGUAGES)]
    version = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    return {
        "version": version,
        "files": files,
        # Without hashes in their names the files may change under the same address.
        "is_fixed": bool(named),
        "pages": {
            "en" if code == "en" else "zh-CN": reverse("offline", args=[code])
            for code, _name in settings.LANGUAGES
        },
        "icon": static(PICTURES[0][0]),
        "badge": static("gov/badge-96.png"),
    }
