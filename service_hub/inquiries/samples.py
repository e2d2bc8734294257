"""Sample questions: waiting, answered, asked once more, and published."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.organs.selectors import officials_of, region_by_code
from service_hub.items.selectors import open_items

from . import services
from .models import Question
from .selectors import responsible

# (who, item, place, days ago, question, answer, question as published)
ASKED = (
    ("chenning", "rent", "330106", 9, "租房提取公积金，合同是和房东父亲签的，可以吗？",
     "可以。请上传房东与其父亲的关系说明，以及房屋权属证明。",
     "合同由房东亲属签订，能否提取公积金？"),
    ("wangwei", "elsewhere", "330106", 16, "去上海看病，备案后多久生效？",
     "提交后立即生效，可在“我的证照”里查看备案凭证。", "异地就医备案多久生效？"),
    ("liguoying", "benefit", "330302", 6, "失业金领取期间找到工作，要主动申报吗？",
     "需要。请在入职之日起 15 日内申报，逾期领取的部分要退回。", ""),
    ("zhaojing", "newborn", "330382", 2, "孩子出生证上的名字写错一个字，还能一起办吗？", "", ""),
    ("", "", "330106", 1, "周六有没有窗口可以办事？要提前预约吗？", "", ""),
    ("xuhao", "licence", "330110", 12, "小餐饮店换了法定代表人，食品经营许可证要重新办吗？",
     "不用重新办，申请变更即可，3 个工作日内办结。", "餐饮店变更法定代表人，许可证怎么办？"),
)  # fmt: skip


@register_sample("questions", order=64)
def questions_to_organs() -> str:
    """Ask and answer the planned questions; nothing when there are questions already."""
    if Question.objects.exists():
        return "0 added"
    items = {item.key: item for item in open_items()}
    people = {user.username: user for user in User.objects.filter(kind=User.Kind.CITIZEN)}
    made = 0
    for who, key, place, ago, text, answer, published in ASKED:
        region = region_by_code(place)
        if region is None or (key and key not in items) or (who and who not in people):
            continue
        with transaction.atomic():
            made += _ask(people.get(who), items.get(key), region, ago, text, answer, published)
    return f"{made} added"


def _ask(user, item, region, ago: int, text: str, answer: str, published: str) -> int:
    at = timezone.now() - timedelta(days=ago, hours=2)
    if responsible(item, region) is None:
        return 0
    question = services.ask_question(
        actor=Actor.of(user), region=region, item=item, text=text, at=at,
        may_be_published=bool(published),
    )  # fmt: skip
    officials = officials_of(question.department)
    if not answer or not officials:
        return 1
    to = {"actor": Actor.of(officials[0]), "question": question}
    services.take_question(**to, at=at + timedelta(hours=1))
    services.answer_question(**to, text=answer, at=at + timedelta(hours=20))
    asker = {"actor": Actor.of(user), "question": question}
    if published:
        services.publish_question(
            **to, asked=published, answered=answer, at=at + timedelta(hours=21)
        )
        services.say_satisfied(**asker, is_satisfied=True, at=at + timedelta(hours=22))
    else:
        services.ask_again(**asker, text="在网上哪里申报？", at=at + timedelta(hours=30))
    return 1
