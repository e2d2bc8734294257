"""What materials add elsewhere: exempt questions, receipts at filing, words of lost sources, the
office's panel and counter.
"""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.exemptions import register_exemptions
from platform_core.capabilities.forms.sources import on, register_prefill_source
from platform_core.common.errors import Conflict
from platform_core.common.events import listen
from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Panel, Waiting, register_panel, register_waiting
from security.organs.selectors import active_posts
from service_hub.cases.selectors import case_for
from service_hub.cases.services import SUBJECT
from service_hub.indicators import register_indicator

from . import selectors, services
from .knowing import entered_facts
from .ladder import SPARED
from .sources import register_shared_source


@listen("case.filed")
def on_filed(*, case, actor, at, **_facts) -> None:
    if selectors.revoked_sources(case.record):
        raise Conflict(_("A certificate no longer counts. Please answer again what came from it."))
    values = forms.plain_values(case.record)
    services.keep_receipts(actor=actor, case=case, values=values, at=at)


def lost_words(facts: dict) -> str:
    """Why a question is asked again."""
    said = _("It came from the certificate %(number)s of %(day)s, which no longer counts. Please "
             "answer it again.")  # fmt: skip
    return said % {"number": facts.get("number", ""), "day": on(facts)}


def panel(user, case_id: str, hidden=frozenset()) -> list[Panel]:
    """How the materials were had, beside a task about a case."""
    rows = selectors.shown_for_case(case_for(user, case_id))
    template = "service_hub/materials/panel.html"
    title = _("How each material was had")
    return [Panel(title, template, {"rows": rows}, order=20)] if rows else []


def waiting(user) -> Waiting | None:
    """What the official's organs are asked to confirm."""
    if not active_posts(user):
        return None
    asked = selectors.confirmations_for(user)
    late = asked.filter(due_at__lt=timezone.now()).count()
    return Waiting("confirmations", _("To be confirmed for other organs"), asked.count(),
                   reverse("office_confirmations"), "shield-check", late, 40)  # fmt: skip


register_exemptions(selectors.exempt_fields)
register_shared_source("entered", entered_facts)
register_prefill_source(
    "lost_certificate", lambda *_args: {}, lost_words, lambda *_args: _("Nothing comes from here.")
)
register_panel(SUBJECT, panel)
register_waiting(waiting)
register_menu(
    Entry("office", "confirmations", gettext_lazy("Confirmations"), "office_confirmations",
          "shield-check", 28, group="service")
)  # fmt: skip


def _asked_although_held(filters) -> int:
    """Papers that applicants were asked for although the government had them."""
    rows = selectors.receipts_under(filters).filter(was_held=True)
    return rows.count()


def _spared(filters) -> float | None:
    """The share of materials that nobody had to bring, in per cent."""
    found = selectors.receipts_under(filters).aggregate(
        all=Count("pk"), spared=Count("pk", filter=Q(way__in=SPARED))
    )
    return round(100 * found["spared"] / found["all"], 1) if found["all"] else None


register_indicator(
    "asked_although_held",
    gettext_lazy("Asked for although the government has it"),
    gettext_lazy("papers"),
    _asked_although_held,
)
register_indicator(
    "materials_spared", gettext_lazy("Materials that nobody had to bring"), "%", _spared
)
