"""How the histories of this hub's things are read: cases, implementing items, rectification orders
(see platform_core/common/trace.py).
"""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from platform_core.capabilities.process.traced import lines_of as process_lines
from platform_core.capabilities.process.traced import objects as process_objects
from platform_core.common.numbers import whole
from platform_core.common.trace import (
    Change,
    Entry,
    Ref,
    Traceable,
    changes_of,
    register_deeds,
    register_traceable,
    shown_name,
)
from security.access import get_or_404, visible_to
from security.access.policies import is_auditor
from service_hub.cases.models import Case
from service_hub.cases.numbers import plain_number
from service_hub.cases.people import organ_name
from service_hub.cases.words import SENTENCES, sentence
from service_hub.catalogue.models import ImplementingItem, ImplementingVersion
from service_hub.catalogue.shown import name_of
from service_hub.evaluations.models import Rectification
from service_hub.evaluations.traces import sentence as rating_sentence

MOST = 20
HIDDEN = _("changed")
OF_THE_RATER = {"opened", "solved", "not_solved"}


def _verb(user, usual: str) -> str:
    """Auditors look through what is open to reading in the admin site."""
    return "view" if is_auditor(user) else usual


# -- cases -----------------------------------------------------------------------------------------


def found_cases(user, text: str) -> list[Ref]:
    cases = visible_to(user, _verb(user, "read"), Case.objects.select_related("item"))
    if text:
        cases = cases.filter(number__startswith=plain_number(text))
    return [name_case(case) for case in cases.order_by("-submitted_at")[:MOST]]


def case_of(user, object_id: str) -> Case:
    cases = Case.objects.select_related("item", "process", "record", "department")
    return get_or_404(user, _verb(user, "read"), cases, pk=object_id)


def name_case(case: Case) -> Ref:
    url = reverse("office_case", args=[case.pk])
    return Ref(str(case.pk), case.item.title, case.number, url)


def objects_of_case(case: Case) -> list[tuple[str, str]]:
    return [
        ("service_hub.case", str(case.pk)),
        ("platform_core.record", str(case.record_id)),
        *(process_objects(case.process) if case.process else ()),
    ]


def lines_of_case(case: Case) -> list[Entry]:
    """Its own history, the moves of its process, and which answers were corrected."""
    lines = []
    for event in case.events.select_related("actor", "organ"):
        said = sentence(event.kind, event.params) if event.kind in SENTENCES else None
        lines.append(
            Entry(
                at=event.at, what=said.title if said else event.kind, verb=f"case.{event.kind}",
                who=shown_name(event.actor), acting_as=organ_name(event.organ),
                note=said.note if said else "", key=f"case-{event.pk}", actor_id=event.actor_id,
            )
        )  # fmt: skip
    lines += [
        Entry(
            at=one.at, what=_("Answers corrected"), verb="record.corrected",
            who=shown_name(one.actor), key=f"revision-{one.pk}", actor_id=one.actor_id,
            changes=tuple(Change(name, str(HIDDEN), str(HIDDEN)) for name in one.changed),
        )
        for one in case.record.revisions.select_related("actor")
    ]  # fmt: skip
    return lines + (process_lines(case.process) if case.process else [])


# -- implementing items ----------------------------------------------------------------------------


def found_items(user, text: str) -> list[Ref]:
    items = _items(user)
    if text:
        in_name = Q(basic__current__elements__task_name__icontains=text)
        items = items.filter(in_name | Q(code__startswith=text))
    return [name_item(item) for item in items.order_by("code")[:MOST]]


def _items(user):
    items = ImplementingItem.objects.select_related("basic__current", "department")
    return items if is_auditor(user) else visible_to(user, "view", items)


def item_of(user, object_id: str) -> ImplementingItem:
    found = _items(user).filter(pk=whole(object_id)).first()
    if found is None:
        raise Http404
    return found


def name_item(item: ImplementingItem) -> Ref:
    url = reverse("catalogue_item", args=["implementing", item.code])
    return Ref(str(item.pk), name_of(item), item.code, url)


def objects_of_item(item: ImplementingItem) -> list[tuple[str, str]]:
    changes = ImplementingVersion.objects.filter(item=item).exclude(change=None)
    keys = changes.values_list("change", flat=True).distinct()
    return [
        ("service_hub.implementingitem", str(item.pk)),
        *(("service_hub.change", str(key)) for key in keys),
    ]


def lines_of_item(item: ImplementingItem) -> list[Entry]:
    """Each version as it came into force, with every element that it changed."""
    lines, before = [], {}
    for version in (
        item.versions.exclude(published_at=None).select_related("made_by").order_by("number")
    ):
        now = version.elements
        lines.append(
            Entry(
                at=version.published_at,
                what=gettext("Version %(n)s in force") % {"n": version.number},
                verb="catalogue.publish", who=shown_name(version.made_by),
                key=f"version-{version.pk}", actor_id=version.made_by_id,
                changes=changes_of(before, now),
            )
        )  # fmt: skip
        before = now
    return lines


# -- rectification orders --------------------------------------------------------------------------


def _orders():
    return Rectification.objects.select_related("evaluation__item", "evaluation__case")


def found_orders(user, text: str) -> list[Ref]:
    orders = visible_to(user, _verb(user, "handle"), _orders())
    if text:
        orders = orders.filter(evaluation__case__number__startswith=plain_number(text))
    return [name_order(order) for order in orders.order_by("-opened_at")[:MOST]]


def order_of(user, object_id: str) -> Rectification:
    """The order. What was written in words is read by the office that answers, not by auditors."""
    order = get_or_404(user, _verb(user, "handle"), _orders(), pk=object_id)
    order.shows_words = not is_auditor(user)
    return order


def name_order(order: Rectification) -> Ref:
    item, case = order.evaluation.item, order.evaluation.case
    title = item.title if item else gettext("Rectification order")
    url = reverse("rectification", args=[order.pk])
    return Ref(str(order.pk), title, case.number if case else "", url)


def lines_of_order(order: Rectification) -> list[Entry]:
    """The trace of the order, which names officials and never who rated."""
    return [
        Entry(
            at=event.at, what=rating_sentence(event.kind, order.evaluation.is_real_name),
            verb=f"rectification.{event.kind}", who=_who(event),
            acting_as=organ_name(event.organ), note=event.note if order.shows_words else "",
            key=f"rectification-{event.pk}",
            # The trace names nobody for the rating itself; its audit row is the rater's.
            actor_id=order.evaluation.rater_id if event.kind == "opened" else event.actor_id,
        )
        for event in order.events.select_related("actor", "organ")
    ]  # fmt: skip


def _who(event) -> str:
    if event.actor and event.actor.is_official:
        return shown_name(event.actor)
    return gettext("Who rated") if event.kind in OF_THE_RATER else ""


register_traceable(
    Traceable("case", _("Case"), "file-text", ("service_hub.case", "platform_core.record"),
              found_cases, case_of, name_case, objects_of_case, lines_of_case)
)  # fmt: skip
register_traceable(
    Traceable("item", _("Service item"), "list", ("service_hub.implementingitem",
              "service_hub.change"), found_items, item_of, name_item, objects_of_item,
              lines_of_item)
)  # fmt: skip
register_traceable(
    Traceable("rectification", _("Rectification order"), "star", ("service_hub.rectification",),
              found_orders, order_of, name_order,
              lambda order: [("service_hub.rectification", str(order.pk))], lines_of_order)
)  # fmt: skip
register_deeds({
    "case.file": _("Case filed"),
    "case.correct": _("Correction sent"),
    "case.urge": _("Case urged"),
    "case.withdraw": _("Case withdrawn"),
    "case.rate": _("Service rated"),
    "record.submitted": _("Answers sent"),
    "record.corrected": _("Answers corrected"),
    "hall.names": _("Names of the appointments of a day read"),
    "catalogue.begin": _("Item begun"),
    "catalogue.draft": _("Draft of the item kept"),
    "catalogue.propose": _("Change of the item proposed"),
    "catalogue.suspend": _("Item suspended"),
    "catalogue.resume": _("Item offered again"),
})  # fmt: skip
