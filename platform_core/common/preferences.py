"""How a person wants to read the site: language, type size, contrast; kept in cookies."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponseRedirect, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, override, pgettext

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Preference:
    """One choice: the address parameter that makes it, the cookie that keeps it, its values."""

    parameter: str
    cookie: str
    values: tuple[str, ...]


PREFERENCES = (
    Preference(
        "lang", settings.LANGUAGE_COOKIE_NAME, tuple(code for code, _ in settings.LANGUAGES)
    ),
    Preference("type", "gov_type", ("normal", "big")),
    Preference("contrast", "gov_contrast", ("normal", "more")),
)


class PreferencesMiddleware:
    """`?lang=`, `?type=` and `?contrast=` on any page set a cookie and lead back to the same page.

    Only reading requests and known values count: a page may use the same names for itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in {"GET", "HEAD"}:
            chosen = [
                (preference, request.GET[preference.parameter])
                for preference in PREFERENCES
                if request.GET.get(preference.parameter) in preference.values
            ]
            if chosen:
                return remember(request, chosen)
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response


def remember(request, chosen) -> HttpResponseRedirect:
    """Set the chosen cookies and lead back to the same address without the parameters."""
    rest = request.GET.copy()
    for preference, _value in chosen:
        del rest[preference.parameter]
    # A path of "//host/" would lead to another site.
    target = escape_leading_slashes(request.path) + (f"?{rest.urlencode()}" if rest else "")
    response = HttpResponseRedirect(target)
    for preference, value in chosen:
        response.set_cookie(
            preference.cookie,
            value,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.BEHIND_TLS,
        )
    patch_vary_headers(response, ["Cookie"])
    return response


def address_with(request, parameter: str, value: str) -> str:
    """The address of the page being shown, with one preference parameter added."""
    query = request.GET.copy() if request.method in {"GET", "HEAD"} else QueryDict(mutable=True)
    query[parameter] = value
    return f"{escape_leading_slashes(request.path)}?{query.urlencode()}"


def preferences(request) -> dict:
    """Context processor: what the base templates need to know about the reader and the page."""
    english = (get_language() or settings.LANGUAGE_CODE).startswith("en")
    other = "zh-hans" if english else "en"
    with override(other):
        # In each catalogue the name of its own language.
        other_name = pgettext("name of this language", "English")
    big = request.COOKIES.get("gov_type") == "big"
    contrast = request.COOKIES.get("gov_contrast") == "more"
    return {
        "html_lang": "en" if english else "zh-CN",
        "html_class": " ".join(
            name for name, on in (("big-type", big), ("contrast", contrast)) if on
        ),
        "is_english": english,
        "other_language": {
            "code": other,
            "lang": "zh-CN" if english else "en",
            "name": other_name,
            "url": address_with(request, "lang", other),
        },
        "big_type": big,
        "big_type_url": address_with(request, "type", "normal" if big else "big"),
        "high_contrast": contrast,
        "contrast_url": address_with(request, "contrast", "normal" if contrast else "more"),
        "demo": settings.DEMO,
    }
