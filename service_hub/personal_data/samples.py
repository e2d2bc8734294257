"""Sample requests of people about their data: one to answer, one for a second person."""

from django.utils.translation import override

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor

from .models import DataRequest
from .services import answer_request, ask_correction, ask_request

WRONG_NAME = "身份证上姓名用字为“甯”，登记时误录为“宁”，可核对身份证原件。"
DELETE = "请删除我的草稿和消息，不再需要。"
MAY_BE_DELETED = "草稿和消息可以删除；办件档案依法保存，不在删除范围。"


@register_sample("data_requests", order=75)
def requests_about_data() -> str:
    """Ask what is planned and propose one answer; nothing when there are requests already."""
    names = ("chenning", "wangwei", "admin2")
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    if DataRequest.objects.exists() or len(people) < len(names):
        return "0 added"
    with override("zh-hans"):
        _ask(**people)
    return "2 added"


def _ask(*, chenning: User, wangwei: User, admin2: User) -> None:
    ask_correction(
        actor=Actor.of(chenning), table="security.Identity", row=str(chenning.pk),
        field="real_name", typed="陈小甯", text=WRONG_NAME,
    )  # fmt: skip
    asked = ask_request(actor=Actor.of(wangwei), kind="deletion", text=DELETE)
    answer_request(actor=Actor.of(admin2), request=asked, is_granted=True, reason=MAY_BE_DELETED)
