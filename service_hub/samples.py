"""Sample cases in every state, made by the platform's own services and dated over the last weeks.

What each person files stands in `sample_answers.py`; here is how the cases go on.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from platform_core.common.samples import register_sample
from platform_core.common.workcalendar import add_working_days, is_workday
from security.accounts.models import User
from security.accounts.selectors import firms_of
from security.actors import Actor
from security.organs.selectors import users_holding

from . import sample_answers as answers
from .cases import services as cases
from .cases.models import Case
from .evaluations import rectification_services as rectifications
from .evaluations import services as evaluations
from .items.selectors import open_items

# (who, item with its size, place, days ago, how it went, grade); a firm's agent files for the firm.
PLAN = (
    ("chenning", "rent", "330106", 1, "reviewing", None),
    ("chenning", "newborn", "330106", 2, "correcting", None),
    ("chenning", "id_card", "330110", 4, "accepted", None),
    ("chenning", "elsewhere", "330106", 20, "approved", 5),
    ("chenning", "benefit", "330106", 40, "approved", 4),
    ("chenning", "rent", "330110", 200, "approved", 5),
    ("wangwei", "rent", "330110", 0, "submitted", None),
    ("wangwei", "rent", "330106", 0, "submitted", None),
    ("liguoying", "benefit", "330106", 3, "submitted", None),
    ("zhaojing", "pass", "330106", 1, "submitted", None),
    ("xuhao", "newborn", "330106", 1, "claimed", None),
    ("wangwei", "benefit", "330106", 5, "corrected", None),
    ("wangwei", "benefit", "330110", 3, "reviewing", None),
    ("wangwei", "rent", "330106", 35, "refused", 2),
    ("wangwei", "elsewhere", "330106", 38, "approved", 5),
    ("wangwei", "id_card", "330106", 33, "approved", 4),
    ("liguoying", "pass", "330302", 6, "approved", 5),
    ("liguoying", "elsewhere", "330302", 30, "approved", 5),
    ("liguoying", "rent", "330302", 8, "withdrawn", None),
    ("liguoying", "newborn", "330302", 0, "submitted", None),
    ("liguoying", "id_card", "330302", 45, "approved", 3),
    ("liguoying", "enrol", "330302", 3, "reviewing", None),
    ("zhaojing", "elsewhere", "330382", 0, "submitted", None),
    ("zhaojing", "rent", "330382", 2, "accepted", None),
    ("zhaojing", "newborn", "330382", 36, "approved", 5),
    ("zhaojing", "benefit", "330382", 12, "corrected", None),
    ("zhaojing", "pass", "330382", 41, "approved", 1),
    ("xuhao", "rent", "330106", 15, "late", None),
    ("xuhao", "elsewhere", "330110", 31, "approved", 4),
    ("xuhao", "id_card", "330110", 1, "submitted", None),
    ("firm", "resume", "330382", 1, "submitted", None),
    ("firm", "resume", "330382", 2, "reviewing", None),
    ("firm", "resume", "330106", 9, "approved", 5),
    ("firm", "resume", "330106", 34, "approved", 5),
    ("firm", "resume", "330110", 12, "refused", None),
    ("firm", "resume_large", "330106", 3, "reviewing", None),
    ("firm", "licence", "330106", 5, "reviewing", None),
    ("firm", "licence", "330110", 44, "approved", 4),
    ("firm", "refund", "330382", 3, "correcting", None),
    ("firm", "refund", "330106", 39, "approved", 5),
    ("", "report", "330382", 0, "submitted", None),
    ("", "report", "330382", 1, "accepted", None),
    ("", "report", "330106", 4, "approved", None),
    ("", "report", "330106", 32, "approved", None),
    ("wangwei", "report", "330110", 2, "accepted", None),
    ("chenning", "report", "330106", 37, "approved", 5),
    ("firm", "permit_small", "330106", 23, "approved", 5),
    ("firm", "permit", "330106", 2, "checking", None),
    ("firm", "permit_large", "330106", 1, "reviewing", None),
    ("firm", "permit", "330382", 2, "correcting", None),
    ("chenning", "permit_small", "330106", 1, "submitted", None),
)
MAKER = Actor.system("sample data")


@register_sample("cases", order=50)
def cases_in_every_state() -> str:
    """File and handle the planned cases; nothing when there are cases already."""
    if Case.objects.exists():
        return "0 added"
    items = {item.key: item for item in open_items()}
    people = {user.username: user for user in User.objects.filter(kind=User.Kind.CITIZEN)}
    agents = [(user, firm) for user in people.values() for firm in firms_of(user)]
    made = 0
    for number, (who, key, place, ago, way, grade) in enumerate(PLAN):
        item = items.get(key.removesuffix("_large").removesuffix("_small"))
        if (
            item is None
            or (who == "firm" and not agents)
            or (who not in people and who not in ("", "firm"))
        ):
            continue
        user, firm = agents[number % len(agents)] if who == "firm" else (people.get(who), None)
        with transaction.atomic():
            _run(item, key, Actor.of(user, firm=firm), place, _moment(ago, number), way, grade)
        made += 1
    return f"{made} added"


def _moment(days_ago: int, number: int) -> datetime:
    """An office hour on the working day nearest before that many days ago; today only what has
    passed.
    """
    now = timezone.localtime()
    if days_ago == 0:
        return now - timedelta(minutes=20 + number)
    day = now.date() - timedelta(days=days_ago)
    while not is_workday(day):
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(9 + number % 7, (number * 13) % 60)))


def _run(item, key: str, actor: Actor, place: str, at: datetime, way: str, grade) -> None:
    values = answers.answers_for(key, actor, place)
    case = cases.file_values(actor=actor, item=item, values=values, at=at).case
    path = Path(case, actor, at)
    getattr(path, way)()
    if grade:
        case.refresh_from_db()
        evaluation = evaluations.rate_case(
            actor=actor,
            case=case,
            service_no=2,
            grade=grade,
            at=path.at + timedelta(hours=3),
            **answers.rating_words(grade),
        )
        if evaluation.is_bad:
            path.put_right(evaluation)


class Path:
    """One case on its way; `at` is the moment of the last act."""

    def __init__(self, case: Case, applicant: Actor, at: datetime):
        self.case, self.applicant, self.at = case, applicant, at

    def later(self, working_days: int = 0, hours: float = 1.5) -> datetime:
        """The moment some time after the last act, never in the future."""
        day = timezone.localtime(self.at)
        if working_days:
            on = add_working_days(day.date(), working_days)
            moved = timezone.make_aware(datetime.combine(on, time(10, day.minute)))
        else:
            moved = self.at + timedelta(hours=hours)
        self.at = min(moved, timezone.now() - timedelta(minutes=1))
        return self.at

    def tasks(self) -> list[Task]:
        open_ones = Task.objects.filter(instance=self.case.process_id, state=Task.State.OPEN)
        return list(
            open_ones.exclude(kind="cc")
            .select_related("assignee", "pool_department")
            .order_by("opened_at")
        )

    def officer(self, task: Task) -> Actor | None:
        """Who does a task: its assignee, else a holder of the role in its department."""
        holders = (
            users_holding(task.pool_groups, task.pool_department) if task.pool_department else []
        )
        user = task.assignee or (holders[0] if holders else None)
        return Actor.of(user) if user else None

    def act(self, task: Task, action: str, **more) -> bool:
        officer = self.officer(task)
        if officer is None:
            return False
        cases.note_read(actor=officer, case=self.case)
        process.act(
            actor=officer,
            task_id=task.pk,
            action=action,
            version=task.version,
            at=self.later(),
            **more,
        )
        return True

    def forward(self, task: Task) -> bool:
        if task.kind == "fill":
            return self.act(task, "submit", data=answers.finding())
        return self.act(task, "approve", opinion=answers.OPINIONS.get(task.stage, ""))

    def submitted(self) -> None:
        """Nothing more: it waits in the pool."""

    def claimed(self) -> None:
        """A clerk took it out of the pool and has not decided yet."""
        for task in self.tasks()[:1]:
            officer = self.officer(task)
            if officer is not None:
                process.claim_task(actor=officer, task_id=task.pk, at=self.later())

    def accepted(self) -> None:
        for task in self.tasks()[:1]:
            self.forward(task)

    reviewing = accepted

    def checking(self) -> None:
        """Countersigned; somebody has to go there."""
        self.accepted()
        for task in self.tasks():
            self.forward(task)

    def late(self) -> None:
        """Accepted long ago and left: the light is red."""
        self.accepted()

    def correcting(self) -> None:
        for task in self.tasks()[:1]:
            note, fields = answers.correction_for(self.case)
            self.act(task, "correct", opinion=note, fields=fields)

    def corrected(self) -> None:
        self.correcting()
        self.case.refresh_from_db()
        cases.answer_correction(
            actor=self.applicant,
            case=self.case,
            values=answers.corrected_values(self.case),
            at=self.later(1),
        )

    def approved(self) -> None:
        for _round in range(12):
            tasks = self.tasks()
            if not tasks or not self.forward(tasks[0]):
                return
            self.later(1 if len(tasks) == 1 else 0)

    def refused(self) -> None:
        self.accepted()
        for task in self.tasks()[:1]:
            self.later(1)
            self.act(task, "reject", opinion=answers.REFUSAL)

    def withdrawn(self) -> None:
        cases.withdraw_case(
            actor=self.applicant, case=self.case, reason=answers.WITHDRAWAL, at=self.later(0, 3)
        )

    def put_right(self, evaluation) -> None:
        """A colleague who was not rated calls back, puts it right and answers."""
        order = evaluation.rectification
        colleagues = User.objects.filter(
            posts__department=order.department, kind=User.Kind.OFFICIAL
        ).exclude(pk=order.officer_id)
        colleague = colleagues.order_by("pk").first()
        if colleague is None or evaluation.grade == 1:
            return
        to = {"actor": Actor.of(colleague), "order": order}
        rectifications.sign_rectification(**to, at=self.later())
        rectifications.note_call_back(**to, at=self.later(1))
        rectifications.choose_measure(**to, measure="at_once", at=self.later())
        rectifications.answer_rectification(**to, answer=answers.ANSWER, at=self.later(1))
