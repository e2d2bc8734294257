"""Template tags of the design language. All are built in: no template needs to load them."""

from datetime import date, datetime
from functools import lru_cache
from string import Template

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.translation import pgettext, pgettext_lazy

from platform_core.common import fields
from platform_core.common.i18n import pick

register = template.Library()

LIGHTS = {"green": "g", "yellow": "y", "red": "r", "g": "g", "y": "y", "r": "r"}
WEEKDAYS_SHORT = [
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
]


@register.simple_tag
def icon(name: str, extra: str = ""):
    """An icon of the sprite. It says nothing to screen readers: words must stand beside it."""
    return _drawn_icon(name, extra)


@lru_cache(maxsize=500)
def _drawn_icon(name: str, extra: str):
    # A page has dozens of the same few: escaping them anew was a tenth of drawing a list.
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
    """A deadline light. Takes {"level": green|yellow|red|none, "words": str} or None."""
    if not due:
        return {"words": ""}
    return {"level": LIGHTS.get(str(due["level"]), "none"), "words": due["words"]}


@register.inclusion_tag("ui/field.html", takes_context=True)
def field(context, source, **options):
    """One question of a form: a Django bound field, or a dict as common/fields.py describes it."""
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
    """A day in words, with its weekday: Wed 25 November; the year only when it is not this one."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if value.year == timezone.localdate().year:
        pattern = pgettext("day", "$weekday $day $month_name")
    else:
        pattern = pgettext("day", "$weekday $day $month_name $year")
    return Template(pattern).substitute(parts(value))


@register.filter
def moment(value) -> str:
    """A moment as a person says it: Today 14:05, 23 November 09:12."""
    if not value:
        return ""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    today = timezone.localdate()
    if local.date() == today:
        pattern = pgettext("moment", "Today $clock")
    elif local.year == today.year:
        pattern = pgettext("moment", "$day $month_name $clock")
    else:
        pattern = pgettext("moment", "$day $month_name $year $clock")
    return Template(pattern).substitute(parts(local), clock=f"{local:%H:%M}")


def parts(value: date) -> dict:
    """What the date patterns of every language choose from."""
    return {
        "year": value.year,
        "month": value.month,
        "month_name": MONTHS[value.month],
        "day": value.day,
        "weekday": WEEKDAYS_SHORT[value.weekday()],
    }


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
    return {"page": page, "query": context["request"].GET}


@register.inclusion_tag("ui/stars.html")
def stars(name: str = "score", value=None, legend=None):
    """Five-grade evaluation as radios, 5 for very satisfied; works without script."""
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
