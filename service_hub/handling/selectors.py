"""Reads for officials: the cases of their offices with lights, and what waits for a decision."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.capabilities.process.consultations.models import Consultation
from platform_core.capabilities.process.links import task_link
from platform_core.capabilities.process.models import Task
from security.access import get_or_404, may, visible_to
from security.organs.selectors import active_posts
from service_hub.cases import moving, states
from service_hub.cases.clockwork import late_or_soon
from service_hub.cases.models import Case
from service_hub.cases.numbers import plain_number
from service_hub.cases.selectors import FOR_PAGES, MANIFEST

from . import joint
from .extensions import most_days
from .models import Delivery, Extension, Voiding
from .policies import is_head_of

VIEWS = {
    "lights": pgettext_lazy("cases", "Late or soon due"),
    "running": pgettext_lazy("cases", "Running"),
    "joint": pgettext_lazy("cases", "Joint handling"),
    "decide": pgettext_lazy("cases", "For the head to decide"),
    "deliver": pgettext_lazy("cases", "To be delivered"),
    "all": pgettext_lazy("cases", "All"),
}
SHORTEST_NUMBER = 4


def cases_for(user, view: str, *, text: str = "") -> QuerySet[Case]:
    """The cases of a view that `user` may read, the most urgent first; `text` is a part of the
    number, four characters at least.
    """
    found = late_or_soon() if view == "lights" else Case.objects.order_by("-submitted_at")
    found = visible_to(user, "read", found)
    if view == "running":
        found = found.filter(state__in=states.RUNNING)
    elif view == "joint":
        found = found.filter(state__in=states.RUNNING, is_joint=True).annotate(
            opinions_late=_late_opinions(timezone.now())
        )
        found = found.order_by("-opinions_late", F("promise_due_at").asc(nulls_last=True), "pk")
    elif view == "decide":
        asked = Extension.objects.filter(state="asked"), Voiding.objects.filter(state="asked")
        wanted = [visible_to(user, "decide", one).values("case") for one in asked]
        found = found.filter(Q(pk__in=wanted[0]) | Q(pk__in=wanted[1]))
    elif view == "deliver":
        found = found.filter(state=states.State.DELIVERING)
        found = found.order_by("delivery__due_at", "pk")
    number = plain_number(text)
    if len(number) >= SHORTEST_NUMBER:
        found = found.filter(number__contains=number)
    related = ("item", "department", "firm", "delivery", "process", "merged_into")
    return found.select_related(*related, "bundle_case__bundle")


def _late_opinions(now):
    """How many organs have not answered in time, for each case."""
    late = Consultation.objects.filter(
        instance=OuterRef("process"), state=Consultation.State.OPEN, due_at__lt=now
    )
    counted = late.order_by().values("instance").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def in_hand_of(cases) -> dict:
    """{process: the names of who has the case in hand}; one query for a page of cases."""
    tasks = Task.objects.filter(
        instance__in=[case.process_id for case in cases], state=Task.State.OPEN
    ).exclude(kind="cc")
    names: dict = {}
    for task in tasks.select_related("assignee", "pool_department"):
        named = names.setdefault(task.instance_id, [])
        who = str(task.assignee or task.pool_department or "")
        if who not in named:
            named.append(who)
    return names


def case_for(user, case_id) -> Case:
    """The case when `user` may read it as an official, else Http404."""
    found = Case.objects.select_related(*FOR_PAGES, "applicant").defer(MANIFEST)
    return get_or_404(user, "read", found, pk=case_id)


@dataclass(frozen=True)
class Possible:
    """What `user` may do with a case now, beside the steps of its process."""

    may_extend: bool
    most_days: int
    may_void: bool
    may_take_in: bool
    may_return: bool
    may_pass_on: bool
    may_join: bool
    may_deliver: bool
    extension: Extension | None
    voiding: Voiding | None
    decides_extension: bool
    decides_voiding: bool
    tasks: list


def possible(user, case: Case) -> Possible:
    """The acts that the case's page offers to `user`."""
    extension, voiding = (
        wishes.select_related("asked_by", "decided_by").order_by("-asked_at").first()
        for wishes in (case.extensions, case.voidings)
    )
    handles, heads = may(user, "handle", case), is_head_of(user, case)
    is_in_time = case.promise_due_at is not None and timezone.now() <= case.promise_due_at
    is_open_wish = voiding is not None and voiding.state != "refused"
    handles = handles and case.applicant_id != user.pk
    tasks = Task.objects.filter(instance=case.process_id, state=Task.State.OPEN)
    mine = visible_to(user, "handle", tasks.exclude(kind="cc"))
    return Possible(
        may_extend=handles
        and moving.may(case, "extend")
        and is_in_time
        and (extension is None or extension.state == "refused")
        and most_days(case) > 0,
        most_days=most_days(case),
        may_void=handles and not is_open_wish and moving.may(case, "void"),
        may_take_in=handles and moving.may(case, "receive"),
        may_return=handles and moving.may(case, "return") and case.received_by_id != user.pk,
        may_pass_on=handles and moving.may(case, "pass_on"),
        may_join=case.is_joint or joint.may_join(user, case),
        may_deliver=moving.may(case, "deliver") and case.applicant_id != user.pk,
        extension=extension,
        voiding=voiding,
        decides_extension=_decides(user, extension, heads),
        decides_voiding=_decides(user, voiding, heads),
        tasks=[(task, task_link(task.pk)) for task in mine],
    )


def _decides(user, wish, is_head: bool) -> bool:
    return wish is not None and wish.state == "asked" and is_head and wish.asked_by_id != user.pk


def extension_for(user, pk) -> Extension:
    """The extension when `user` may decide about it, else Http404."""
    return get_or_404(user, "decide", Extension.objects.select_related("case"), pk=pk)


def voiding_for(user, pk) -> Voiding:
    """The voiding when `user` may decide about it, else Http404."""
    return get_or_404(user, "decide", Voiding.objects.select_related("case"), pk=pk)


def delivery_for(user, pk) -> Delivery:
    """The delivery when `user` may see to it, else Http404."""
    return get_or_404(user, "handle", Delivery.objects.select_related("case"), pk=pk)


def waiting_lights(user) -> tuple[int, int]:
    """(how many cases of the official's offices are late or soon due, how many of them late)."""
    if not active_posts(user):
        return 0, 0
    lit = visible_to(user, "read", Case.objects.exclude(light="").exclude(light="g"))
    lights = list(lit.filter(closed_at=None).values_list("light", flat=True)[:1000])
    return len(lights), lights.count("r")


def to_decide(user) -> int:
    """How many extensions and voidings wait for the official as a head."""
    if not any(post.is_head for post in active_posts(user)):
        return 0
    return sum(
        visible_to(user, "decide", model.objects.filter(state="asked"))
        .exclude(asked_by=user)
        .count()
        for model in (Extension, Voiding)
    )


WINDOW_HINT = _("For example: Xihu service hall, window 3")
