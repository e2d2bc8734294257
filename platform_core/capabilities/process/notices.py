"""What a notify step tells, and whom. The applicant is told by whoever owns the subject, because
this capability knows no addresses of people without an account; a notice of the manifest goes out
through whoever keeps notices."""

from __future__ import annotations

from platform_core.capabilities.notifications.services import notify, notify_by_template

from .assignment import holders_of

NAMES = frozenset({"subject", "number", "napp"})


def tell(writer, step) -> None:
    """Tell the people whom a notify step names, once for each time the step is passed."""
    instance = writer.instance
    if step.notice:
        # Notices are kept above this capability: whoever keeps them hears of it.
        writer.announce("process.notice_wanted", notice=step.notice, node=step.key)
        return
    if step.to == "applicant":
        writer.announce("process.applicant_told", wording=wording(step, instance), node=step.key)
        return
    starter = [instance.starter] if instance.starter_id else []
    people = starter if step.to == "starter" else holders_of(step, instance).people
    for person in people:
        tell_one(writer, step, person)


def tell_one(writer, step, person) -> None:
    instance = writer.instance
    facts = {
        "actor": writer.actor,
        "recipient": person,
        "values": values(instance),
        "dedupe": f"process:{instance.pk}:{step.key}:{instance.event_count}:{person.pk}",
    }
    if step.template:
        notify_by_template(template=step.template, napp_version=instance.napp_version, **facts)
    else:
        text = step.text.model_dump()
        notify(key=f"process.{step.key}", title=text["title"], body=text["body"], **facts)


def wording(step, instance) -> dict:
    """Which words a step has for the applicant, for whoever knows their address."""
    text = step.text.model_dump() if step.text else None
    return {"template": step.template, "text": text, "values": values(instance)}


def values(instance) -> dict:
    return {
        "subject": instance.subject_label,
        "number": instance.subject_number or str(instance.pk)[:8],
        "napp": instance.napp_version.napp.title,
    }
