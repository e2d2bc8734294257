"""Template tags of the design language. All of them are built in: no template needs to load this module."""

from datetime import date, datetime

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext

from platform_core.common import fields
from platform_core.common.i18n import pick

register = template.Library()

LIGHTS = {"green": "g", "yellow": "y", "red": "r", "g": "g", "y": "y", "r": "r"}
WEEKDAYS = "一二三四五六日"


@register.simple_tag
def icon(name: str, extra: str = ""):
    """An icon of the sprite, drawn beside words. It says nothing to screen readers: put the words there."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static("gov/sprite.svg"),
        name,
    )


@register.filter
def text(value) -> str:
    """A two-language text ({"zh", "en"} or Text) in the reader's language."""
    return pick(value)


@register.inclusion_tag("ui/due.html")
def due_light(due):
    """A deadline light: shape, colour and words. Takes {"level": green|yellow|red|none, "words": str} or None."""
    if not due:
        return {"words": ""}
    return {"level": LIGHTS.get(str(due["level"]), "none"), "words": due["words"]}


@register.inclusion_tag("ui/field.html", takes_context=True)
def field(context, source, **options):
    """One question of a form. `source` is a Django bound field or a dict as described in common/fields.py."""
    if isinstance(source, BoundField):
        shown = fields.from_bound(source, **options)
    else:
        shown = fields.from_dict({**source, **options})
    return {"field": shown, "big_type": context.get("big_type")}


@register.inclusion_tag("ui/errors.html")
def error_summary(source=None):
    """The list of everything to be put right, each linked to its field.

    Takes a Django form, or a list of {"id", "message"}; draws nothing when there is no error.
    """
    return {"errors": fields.summary(source)}


@register.filter
def day(value) -> str:
    """A day in words: 11月25日（周三）, Wed 25 November; the year only when it is not this one."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    today = timezone.localdate()
    if (get_language() or "").startswith("en"):
        shown = f"{value:%a} {value.day} {value:%B}"
        return shown if value.year == today.year else f"{shown} {value.year}"
    shown = f"{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"
    return shown if value.year == today.year else f"{value.year}年{shown}"


@register.filter
def moment(value) -> str:
    """A moment as a person says it: 今天 14:05, 11月23日 09:12; Today 14:05, 23 November 09:12."""
    if not value:
        return ""
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    today = timezone.localdate()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return f"{gettext('Today')} {clock}"
    if (get_language() or "").startswith("en"):
        year = "" if local.year == today.year else f" {local.year}"
        return f"{local.day} {local:%B}{year} {clock}"
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {clock}"


@register.filter
def stamp(value) -> str:
    """A moment in full for records and print: 2026-11-23 09:12:05."""
    if not value:
        return ""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


@register.filter
def yuan(value) -> str:
    """An amount of money: ¥1,800.00."""
    return "" if value in (None, "") else f"¥{value:,.2f}"


@register.filter
def initial(name) -> str:
    """The one character that stands in an avatar."""
    return str(name).strip()[:1].upper() or "·"


@register.inclusion_tag("ui/pages.html", takes_context=True)
def pages(context, page):
    """Previous and next of a Django page object; keeps the other parameters of the address."""
    return {"page": page, "request": context.get("request")}


@register.inclusion_tag("ui/stars.html")
def stars(name: str = "score", value=None, legend=None):
    """Five-grade evaluation as radios (5 very satisfied … 1 very dissatisfied); works without script."""
    words = [
        (5, pgettext("evaluation", "Very satisfied")),
        (4, pgettext("evaluation", "Satisfied")),
        (3, pgettext("evaluation", "Fair")),
        (2, pgettext("evaluation", "Dissatisfied")),
        (1, pgettext("evaluation", "Very dissatisfied")),
    ]
    return {"name": name, "value": str(value or ""), "grades": words, "legend": legend}


@register.simple_tag
def demo_accounts():
    """The accounts of the sample data, shown on the sign-in page of a demonstration only."""
    from security.accounts.selectors import demo_accounts as accounts

    return accounts() if settings.DEMO else []


@register.simple_tag(takes_context=True)
def demo_code(context) -> str:
    """The code that a demonstration account would read off its phone; empty on a live site."""
    from security.accounts.selectors import demo_code as code

    return code(context["request"]) if settings.DEMO else ""
