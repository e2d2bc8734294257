"""A smallest portal: one address for each page of a draft, for tests over HTTP."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import path

from platform_core.capabilities.forms import services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.sessions import draft_or_sign_in, owner_key
from platform_core.urls import *  # noqa: F403
from platform_core.urls import urlpatterns as platform

PAGE = Template(
    """{% extends "base_portal.html" %}{% load forms %}
    {% block title %}{{ bound.page.title|text }}{% endblock %}
    {% block main %}<div class="wrap section top-s">
    <form class="card form" method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}
    <h1>{{ bound.page.title|text }}</h1>{% form_page bound %}{% form_buttons bound %}
    </form></div>{% endblock %}"""
)
CHECK = Template(
    """{% extends "base_portal.html" %}{% load forms %}{% block title %}Check{% endblock %}
    {% block main %}<div class="wrap section top-s stack"><h1>Check</h1>
    {% form_check bound "/forms-test/__page__" %}</div>{% endblock %}"""
)


def page(request, draft_id, key):
    draft, answer = draft_or_sign_in(request, draft_id, page=key)
    if answer is not None:
        return answer
    who = {"actor": request.actor, "owner_key": owner_key(request)}
    if request.method == "POST":
        bound = services.save_page(
            draft=draft, page=key, values=request.POST, files=request.FILES, **who
        )
        if bound.command == "back":
            return redirect(f"/forms-test/{draft_id}/{bound.previous_page.key}")
        if bound.may_go_on:
            return redirect(
                f"/forms-test/{draft_id}/{bound.next_page.key if bound.next_page else 'check'}"
            )
    else:
        bound = bind_draft(draft, page=key, quiet=True, **who)
    return HttpResponse(PAGE.render(RequestContext(request, {"bound": bound})))


def check(request, draft_id):
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    bound = bind_draft(draft, actor=request.actor, owner_key=owner_key(request))
    return HttpResponse(CHECK.render(RequestContext(request, {"bound": bound})))


urlpatterns = [
    path("forms-test/<uuid:draft_id>/check", check),
    path("forms-test/<uuid:draft_id>/<slug:key>", page),
    *platform,
]
