"""A statement that its holder contests: the department that answers for it hears of it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.forms.selectors import form_of
from platform_core.capabilities.forms.sources import source_words
from platform_core.capabilities.notifications.services import notify
from platform_core.common.events import listen
from platform_core.common.i18n import pick
from security.organs.selectors import department_by_id, people_of
from service_hub.cases.words import in_both

TITLE = gettext_noop("A value of your register or certificate is contested")
BODY = gettext_noop(
    "%(source)s An applicant says that “%(field)s” is wrong. Please check it and put it right."
)


@listen("forms.value_contested")
def on_value_contested(*, contest, record, actor, **_facts) -> None:
    """Tell the people of the owning department, without the personal value itself."""
    owner = department_by_id(contest.source.get("owner"))
    if owner is None:
        return
    label = form_of(record).question(contest.field).label

    def body() -> str:
        facts = {"source": source_words(contest.source), "field": pick(label)}
        return _(BODY) % facts

    for person in people_of(owner):
        notify(
            actor=actor,
            recipient=person,
            key="value.contested",
            title="{title}",
            body="{body}",
            values={"title": in_both(lambda: _(TITLE)), "body": in_both(body)},
            dedupe=f"contest:{contest.pk}:{person.pk}",
        )
