"""Sample requests of people about their data: one to answer, one for a second person."""

from django.utils.translation import override

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor

from .models import DataRequest
from .services import answer_request, ask_request

ASKED = (
    ("chenning", "correction", "户籍地址仍显示旧门牌号，应为文三路 478 号，可核对户口簿首页。"),
    ("wangwei", "deletion", "请删除我的草稿和消息，不再需要。"),
)


@register_sample("data_requests", order=75)
def requests_about_data() -> str:
    """Ask what is planned and propose one answer; nothing when there are requests already."""
    if DataRequest.objects.exists():
        return "0 added"
    people = {user.username: user for user in User.objects.all()}
    added = 0
    for name, kind, text in ASKED:
        if name not in people:
            continue
        asked = ask_request(actor=Actor.of(people[name]), kind=kind, text=text)
        added += 1
        if kind == "deletion" and "admin2" in people:
            with override("zh-hans"):
                answer_request(
                    actor=Actor.of(people["admin2"]),
                    request=asked,
                    is_granted=True,
                    reason="草稿和消息可以删除；办件档案依法保存，不在删除范围。",
                )
    return f"{added} added"
