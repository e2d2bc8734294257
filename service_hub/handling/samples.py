"""A wish for more time that waits for the head, papers on their way, a case of several organs."""

from django.utils import timezone

from platform_core.common.errors import Unusable
from platform_core.common.samples import register_sample
from security.actors import Actor
from security.organs.selectors import departments_found, officials_of
from service_hub.cases.models import Case
from service_hub.cases.states import IN_WORK, State

from .deliveries import choose_delivery, make_ready, send_parcel
from .extensions import ask_extension
from .joint import ask_organs, leading_task
from .models import Delivery, Extension

REASON = "需要与不动产登记部门核对住房信息，对方尚未反馈。"
QUESTION = "请核对申请人家庭住房登记和户籍信息，并就是否符合条件反馈意见。"
PARTNERS = ("housing", "police")


@register_sample("extensions and deliveries", order=60)
def on_the_way() -> str:
    """One extension asked for, one paper posted and one ready; nothing when there are some."""
    if Extension.objects.exists():
        return "0 added"
    made = 0
    running = Case.objects.filter(state__in=IN_WORK, promise_due_at__gt=timezone.now())
    for case in running.select_related("department").order_by("-promise_due_at")[:1]:
        clerk = next(iter(officials_of(case.department)), None)
        if clerk is not None:
            ask_extension(actor=Actor.of(clerk), case=case, days=3, reason=REASON)
            made += 1
    open_ones = Delivery.objects.filter(state="open").select_related("case__department")
    for number, delivery in enumerate(open_ones.order_by("pk")[:2]):
        case = delivery.case
        clerk = next(iter(officials_of(case.department)), None)
        applicant = Actor.of(case.applicant)
        if clerk is None:
            continue
        if number == 0:
            place = f"{case.department.region.name}政务服务大厅 3 号窗口"
            chosen = choose_delivery(actor=applicant, delivery=delivery, way="window")
            make_ready(actor=Actor.of(clerk), delivery=chosen, place=place)
        else:
            chosen = choose_delivery(
                actor=applicant, delivery=delivery, way="post", name=case.applicant_name,
                phone="13800000000", address="文二路 100 号 3 幢 502 室",
            )  # fmt: skip
            send_parcel(
                actor=Actor.of(clerk),
                delivery=chosen,
                carrier="中国邮政",
                parcel_number="SAMPLE0001",
            )
        made += 1
    return f"{made} added"


@register_sample("joint handling", order=61)
def together() -> str:
    """One case on which other organs of its place were asked; nothing when there is one."""
    if Case.objects.filter(is_joint=True).exists():
        return "0 added"
    running = Case.objects.filter(state=State.REVIEWING, item__napp__slug="housing_fund")
    for case in running.select_related("department__region").order_by("submitted_at"):
        organs = departments_found(region=case.department.region).filter(kind__in=PARTNERS)
        lead = next((one for one in officials_of(case.department) if leading_task(one, case)), None)
        if lead is None:
            continue
        said = {"departments": organs, "question": QUESTION, "working_days": 3}
        try:
            ask_organs(actor=Actor.of(lead), case=case, **said)
        except Unusable:  # nobody of theirs could answer
            continue
        return "1 added"
    return "0 added"
