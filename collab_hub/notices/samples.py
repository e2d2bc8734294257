"""A sent notice with a roll under way, a meeting, a draft and a saved group."""

from datetime import timedelta

from django.utils import timezone

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.organs.duties import forget_posts, standing_group
from security.organs.selectors import active_posts

from . import meeting_services, roll_services, services
from .audience import Audience, Term
from .models import Notice
from .people import DISPATCHER

PLACE = {"zh": "政务中心3楼会议室", "en": "Room 3, service centre"}


@register_sample("notices", order=70)
def notices() -> str:
    """Nothing when there are notices already, or no head of a department who could send them."""
    if Notice.objects.exists():
        return "0 added"
    head = User.objects.filter(username="hangzhou-head", is_active=True).first()
    posts = active_posts(head)
    if not posts:
        return "0 added"
    # So that a whole city can be written to.
    posts[0].groups.add(standing_group(DISPATCHER))
    forget_posts(head)
    actor, organ = Actor.of(head, post=posts[0]), posts[0].department
    here = Audience((Term(region=frozenset({organ.region.code})),))
    _alarm(actor, organ, here)
    _meeting(actor, organ, here)
    _draft(actor, organ, here)
    services.save_group(
        actor=actor, department=organ, name="全市各单位负责人",
        audience=Audience((Term(region=frozenset({organ.region.code}), duty=frozenset({"head"})),)),
    )  # fmt: skip
    return "3 added"


def _sent(actor, notice) -> list:
    """Send it as the outbox would, so that the sample is complete at once."""
    services.send_notice(actor=actor, notice=notice)
    roll_services.deliver_chunk(actor=Actor.system("sample data"), notice_id=notice.pk, after=0)
    return list(notice.recipients.select_related("user").order_by("pk"))


def _alarm(actor, organ, audience) -> None:
    notice = services.save_notice(
        actor=actor, department=organ, audience=audience, escalate_minutes=30,
        title={"zh": "强降雨天气值班安排", "en": "Duty roster during the heavy rain"},
        body={
            "zh": "今晚至明日上午有大到暴雨，请各部门落实24小时值班，汛情每两小时报送一次。",
            "en": "Heavy rain is expected from tonight until tomorrow morning. Keep somebody on"
            " duty around the clock and report every two hours.",
        },
        due_at=timezone.now() + timedelta(hours=12),
    )  # fmt: skip
    for row in _sent(actor, notice)[::2]:
        roll_services.note_read(actor=Actor.of(row.user), notice=notice)
        if row.pk % 3:
            roll_services.confirm_notice(actor=Actor.of(row.user), notice=notice)


def _meeting(actor, organ, audience) -> None:
    starts = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0)
    starts += timedelta(days=1)
    notice = services.save_notice(
        actor=actor, department=organ, audience=audience,
        title={"zh": "“一件事”改革推进会", "en": "Meeting on one-stop life events"},
        body={
            "zh": "请各部门负责人参加，会前准备本部门办件压减情况。",
            "en": "Heads of departments attend. Bring the figures of your own department.",
        },
        meeting={
            "starts_at": starts, "ends_at": starts + timedelta(hours=2), "place": PLACE["zh"],
            "video_link": "", "asks_reply": True,
        },
    )  # fmt: skip
    for number, row in enumerate(_sent(actor, notice)):
        answer = ("comes", "comes", "stays", "")[number % 4]
        if answer:
            note = "外出培训" if answer == "stays" else ""
            meeting_services.reply(
                actor=Actor.of(row.user), notice=notice, answer=answer, note=note
            )


def _draft(actor, organ, audience) -> None:
    services.save_notice(
        actor=actor, department=organ, audience=audience, needs_confirming=False,
        title={"zh": "办公系统停机维护通知", "en": "The office system is down for maintenance"},
        body={"zh": "本周六22时至24时停机维护。", "en": "This Saturday from 22:00 to 24:00."},
    )  # fmt: skip
