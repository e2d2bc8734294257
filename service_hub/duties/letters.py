"""What managers of a firm are told about duties."""

from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from platform_core.common.i18n import pick
from service_hub.cases.words import in_both


def tell_due(line, firm, person, step: int, *, actor) -> None:
    """One message for each duty, time and reminder; `step` is 0 when it is late."""
    duty, one = line.duty, line.occurrence

    def title():
        facts = {"duty": pick(line.definition.title.model_dump()), "firm": firm.name}
        if step:
            return _("Due soon for %(firm)s: %(duty)s") % facts
        return _("Late for %(firm)s: %(duty)s") % facts

    def body():
        return _("It is due on %(day)s. See under “Deadlines” how it is done.") % {
            "day": one.day.isoformat()
        }

    notify(
        actor=actor,
        recipient=person,
        key="duty.due",
        title="{title}",
        body="{body}",
        values={"title": in_both(title), "body": in_both(body)},
        # The list shows the firm chosen in the session; a single duty would be another firm's.
        link=reverse("firm:deadlines"),
        dedupe=f"duty:{firm.pk}:{duty.pk}:{one.period}:{step}:{person.pk}",
    )
