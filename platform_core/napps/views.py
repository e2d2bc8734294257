"""The gate in front of the pages that a code N-app brings as Django views."""

from importlib.util import find_spec

from django.http import Http404
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from .code import code_of
from .selectors import require_reachable


def code_page(request, slug, rest):
    """Hands the request to the N-app's own urls.py; 404 while the N-app may not be reached.

    Its addresses are looked up behind the gate, so nothing of a disabled N-app answers.
    """
    require_reachable(slug)
    config = code_of(slug)
    if config is None or find_spec(f"{config.name}.urls") is None:
        raise Http404
    resolver = URLResolver(RegexPattern(r"^"), f"{config.name}.urls")
    try:
        match = resolver.resolve(rest)
    except Resolver404:
        raise Http404 from None
    return match.func(request, *match.args, **match.kwargs)
