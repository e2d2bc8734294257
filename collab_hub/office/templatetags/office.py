"""Draws what other platforms registered for the office's pages."""

from django import template
from django.template.loader import render_to_string

from platform_core.common.panels import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def office_panel(context, panel: Panel):
    """A registered panel, drawn with its own context and the request."""
    return render_to_string(panel.template, panel.context, request=context.get("request"))
