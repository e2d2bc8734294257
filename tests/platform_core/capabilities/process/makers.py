"""An N-app with a two-desk approval, and shortcuts for starting and acting."""

from platform_core.capabilities.process import services
from platform_core.capabilities.process.models import Task
from platform_core.napps import services as napps
from tests.factories import MAKER, actor_of, make_department, make_region

T = {"zh": "步骤", "en": "Step"}


def text(words: str) -> dict:
    return {"zh": words, "en": words}


def approve(key, role="desk", **more) -> dict:
    step = {"kind": "approve", "key": key, "title": text(key.title()), "assign": {"role": role}}
    return {**step, "actions": ["approve", "correct", "return", "reject", "transfer"], **more}


TWO_DESKS = [
    approve("accept", stage="acceptance", deadline={"working_days": 1}),
    approve("decide", role="boss", stage="decision", deadline={"working_days": 5}),
]
FORM = {
    "key": "opinion",
    "title": text("Opinion"),
    "pages": [
        {
            "key": "main",
            "title": text("Main"),
            "fields": [
                {"type": "yes_no", "key": "dangerous", "label": text("Dangerous"), "required": True}
            ],
        }
    ],
}


def manifest(steps, **more) -> dict:
    return {
        "schema": 1,
        "slug": "market_stall",
        "version": "1.0.0",
        "title": text("Market stall"),
        "summary": text("A stall on the market."),
        "icon": "store",
        "ends": ["public", "government"],
        "department": "market",
        "roles": [
            {"key": "desk", "title": text("Desk"), "verbs": ["handle"], "includes": ["clerk"]},
            {"key": "boss", "title": text("Boss"), "verbs": ["handle"], "includes": ["reviewer"]},
        ],
        "forms": [FORM],
        "processes": [{"key": "main", "title": text("Main"), "steps": steps}],
        **more,
    }


def make_napp(steps=TWO_DESKS, **more):
    """An open N-app with one process; returns its version."""
    version = napps.register_napp(actor=MAKER, manifest=manifest(list(steps), **more))
    napps.open_napp(actor=MAKER, napp=version.napp)
    return version


def start(version, *, starter=None, facts=None, label="Chen Ning's stall", department=None, **more):
    """A running process in the market department of Xihu District."""
    return services.start_process(
        actor=actor_of(starter),
        napp_version=version,
        process_key="main",
        subject_type="test.stall",
        subject_id=more.pop("subject_id", "1"),
        subject_label=label,
        facts=facts,
        region=make_region(),
        department=department or make_department("market"),
        **more,
    )


def open_tasks(instance, node=""):
    tasks = Task.objects.filter(instance=instance, state="open").order_by("opened_at", "node")
    return list(tasks.filter(node=node) if node else tasks)


def open_task(instance, node=""):
    (task,) = open_tasks(instance, node)
    return task


def act(user, task, action="approve", **more):
    """`user` does `action` on the task as it is now."""
    task.refresh_from_db()
    more.setdefault("opinion", "Because." if action in {"reject", "correct", "return"} else "")
    return services.act(
        actor=actor_of(user),
        task_id=task.pk,
        action=action,
        version=more.pop("version", task.version),
        **more,
    )
