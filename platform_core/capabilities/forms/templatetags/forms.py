"""Drawing forms: `{% load forms %}`."""

from django import template
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import display, present

register = template.Library()


@register.inclusion_tag("forms/page.html", takes_context=True)
def form_page(context, bound, page=None):
    """The error summary and the questions of a page, to stand inside the view's own <form>.

    The <form> is method="post" enctype="multipart/form-data" novalidate data-form.
    """
    drawn = present.draw(bound, page, context.get("contest_url", ""))
    return {"drawn": drawn, "bound": bound, "big_type": context.get("big_type")}


@register.inclusion_tag("forms/asks.html")
def form_open(bound):
    """The open questions of a record, for an office that changes some answers: no buttons."""
    return {"drawn": present.draw_open(bound), "bound": bound}


@register.inclusion_tag("forms/buttons.html")
def form_buttons(bound, last=None):
    """The buttons Next, Back and Save for later; `last` is the word for Next on the last page."""
    return {"bound": bound, "word": last or _("Save and check")}


@register.inclusion_tag("forms/answers.html")
def form_answers(record, viewer=None, unmask=False):
    """A record for reading, personal numbers masked unless `unmask`."""
    may_name = bool(getattr(viewer, "is_official", False))
    sections = display.answers(record, unmask=bool(unmask), may_name=may_name)
    return {"sections": sections, "viewer": viewer}


@register.inclusion_tag("forms/check.html")
def form_check(bound, change):
    """All answers before sending. `change` is an address with `__page__` where a page's key
    belongs.
    """
    sections = [
        {"section": section, "url": change.replace("__page__", section.key)}
        for section in display.answers_to_check(bound)
    ]
    return {"sections": sections, "bound": bound}


@register.simple_tag
def form_errors(bound):
    """The errors of a page as {"id", "message"}, for a view that places the summary itself."""
    return present.draw(bound).summary
