"""A wish for more time that waits for the head, and papers on their way."""

from django.utils import timezone

from platform_core.common.samples import register_sample
from security.actors import Actor
from security.organs.selectors import officials_of
from service_hub.cases.models import Case
from service_hub.cases.states import IN_WORK

from .deliveries import choose_delivery, make_ready, send_parcel
from .extensions import ask_extension
from .models import Delivery, Extension

REASON = "需要与不动产登记部门核对住房信息，对方尚未反馈。"


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
