"""Sample visits with ratings of every grade, and rectification orders in every state."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.common.samples import register_sample
from platform_core.common.workcalendar import is_workday
from security.accounts.models import User
from security.actors import Actor
from security.organs.selectors import active_posts
from service_hub.items.selectors import open_items

from . import rectification_services as orders
from .models import Evaluation, Rectification
from .rectifying import may
from .services import rate_visit, record_visit
from .standing import hand_of

# (grade or None when nobody rated, options, words, what became of a bad one), again and again.
SAID = (
    (5, ["kind", "once"], "窗口同志很耐心，一次就办好了。", ""),
    (4, ["fast"], "", ""),
    (None, [], "", ""),
    (5, ["knows"], "", ""),
    (2, ["queue"], "等了快一个小时才叫到号。", "solved"),
    (4, ["kind"], "", ""),
    (3, ["could_explain"], "材料怎么填可以讲得再清楚些。", ""),
    (5, ["fast", "kind"], "", ""),
    (None, [], "", ""),
    (1, ["unskilled"], "问了两个人，说法不一样。", "signed"),
    (5, ["fast"], "很快。", ""),
    (4, ["once"], "", ""),
    (2, ["extra_papers"], "让我再去开一份证明，指南里没有写。", "fixing"),
    (5, ["kind"], "", ""),
    (1, ["unkind"], "说话不耐烦。", "kept"),
    (4, ["knows"], "", ""),
    (5, ["once"], "", ""),
    (2, ["repeat"], "同一张表填了两遍。", "answered"),
    (4, ["fast"], "", ""),
    (1, ["queue"], "点错了，我是想点满意。", "excluded"),
    (5, ["kind"], "", ""),
    (None, [], "", ""),
    (2, ["wrong"], "结果没有说明理由。", "again"),
    (1, ["queue"], "下午四点就不叫号了。", "left"),
)
VISITS = 72
# What is still under way is about services of the last days.
RUNNING = {"left", "signed", "fixing", "answered", "kept", "again"}
ANSWER = "经核实情况属实，已增开潮汐窗口并公布等候时间。给您添麻烦了。"


@register_sample("evaluations", order=62)
def visits_and_their_ratings() -> str:
    """Serve people at the windows of every organ that has officials, over the last months."""
    if Evaluation.objects.filter(visit__isnull=False).exists():
        return "0 added"
    clerks = _clerks()
    items, made = list(open_items()), 0
    for number in range(VISITS if clerks else 0):
        grade, options, words, way = SAID[number % len(SAID)]
        clerk = clerks[(number + number // len(SAID)) % len(clerks)]
        days = 1 + number // len(SAID) if way in RUNNING else 8 + number
        with transaction.atomic():
            item = items[(number * 5 + number // len(SAID)) % len(items)] if items else None
            at = _moment(days, number)
            _serve(clerk, item if number % 5 else None, at, grade, options, words, way)
        made += 1
    return f"{made} added"


def _clerks() -> list[User]:
    """Officials whose office has somebody else to follow up what is said about them."""
    officials = User.objects.filter(kind=User.Kind.OFFICIAL, is_active=True).order_by("pk")
    served: dict[int, list[User]] = {}
    for user in officials:
        for post in active_posts(user)[:1]:
            served.setdefault(post.department_id, []).append(user)
    return [people[0] for people in served.values() if len(people) > 1]


def _moment(days_ago: int, number: int) -> datetime:
    """An office hour of the working day nearest before."""
    day = timezone.localdate() - timedelta(days=days_ago)
    while not is_workday(day):
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(9 + number % 7, number * 7 % 60)))


def _serve(clerk, item, at: datetime, grade, options, words: str, way: str) -> None:
    window = f"{1 + at.minute % 9} 号窗口"
    visit = record_visit(actor=Actor.of(clerk), item=item, window=window, at=at)
    if grade is None:
        return
    channel = "kiosk" if at.hour == 9 else "qr"
    rated = rate_visit(
        actor=Actor.anonymous(channel=channel),
        visit=visit,
        grade=grade,
        options=options,
        text=words,
        contact="13800002046" if grade < 3 and at.hour % 2 else "",
        at=at + timedelta(minutes=4),
    )
    if rated.is_bad:
        _follow(rated.rectification, way)


def _by(order: Rectification, act: str) -> dict:
    """Who may do this to the order: the first that the table lets."""
    people = User.objects.filter(kind=User.Kind.OFFICIAL, posts__department=order.department)
    for user in people.distinct().order_by("pk"):
        actor = Actor.of(user)
        if may(hand_of(actor, order), act):
            return {"actor": actor, "order": order}
    return {}


def _follow(order: Rectification, way: str) -> None:
    """Take the order as far as its way says, or as far as there is somebody to do it."""
    at, rater = order.opened_at, Actor.anonymous(channel="qr")
    if way == "left" or not (by := _by(order, "sign")):
        return
    orders.sign_rectification(**by, at=at + timedelta(hours=1))
    if way == "signed":
        return
    orders.note_call_back(**by, note="情况属实。", at=at + timedelta(hours=3))
    if way in {"excluded", "kept"}:
        order = orders.appeal_rating(
            **by, ground="群众来电说明点错了等级。", at=at + timedelta(hours=4)
        )
        if not (second := _by(order, "keep")):
            return
        is_mistaken, reason = way == "excluded", "已核对来电录音。"
        later = at + timedelta(hours=22)
        orders.decide_appeal(**second, is_mistaken=is_mistaken, reason=reason, at=later)
        return
    orders.choose_measure(**by, measure="at_once", at=at + timedelta(hours=4))
    if way == "fixing":
        return
    orders.answer_rectification(**by, answer=ANSWER, at=at + timedelta(hours=26))
    if way in {"solved", "again"}:
        orders.confirm_rectification(
            actor=rater,
            order=order,
            is_solved=way == "solved",
            grade=4 if way == "solved" else "",
            text="现在好多了。" if way == "solved" else "还是一样。",
            at=at + timedelta(hours=30),
        )
