"""Cases and drafts as the cards and rows of lists show them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.capabilities.forms import selectors as forms
from platform_core.common.i18n import pick
from service_hub.bundles import selectors as bundles
from service_hub.cases.clocks import light
from service_hub.cases.models import Case
from service_hub.cases.states import SEEN
from service_hub.cases.timeline import progress
from service_hub.items import selectors as items
from service_hub.todos import todos_of

from .ends import link

State = Case.State
MOST_DRAFTS = 20


@dataclass(frozen=True)
class Card:
    """One case in a list."""

    case: Case
    title: str
    url: str
    kind: str
    icon: str
    status: str
    due: dict | None
    step: int
    steps: int
    note: str
    needs_me: bool
    whom: str = ""


def case_cards(request, found, *, for_others: bool = False) -> list[Card]:
    """Cards of the cases in `found`, which has item and correction loaded; `for_others` with the
    applicants' names.
    """
    now = timezone.now()
    return [_card(request, case, now, str(case.applicant) if for_others else "") for case in found]


def wanted_cards(request, found, user) -> list[Card]:
    """Cards of the cases in `found`, with item, correction and applicant loaded; those that `user`
    filed for somebody else say for whom.
    """
    now = timezone.now()
    return [
        _card(request, case, now, str(case.applicant) if is_for_other else "")
        for case in found
        for is_for_other in [case.mandate_id and case.applicant_id != user.pk]
    ]


def _card(request, case: Case, now, whom: str) -> Card:
    seen = SEEN[case.state]
    step, steps = progress(case)
    needs_me = case.state == State.CORRECTING
    return Card(
        case=case,
        title=pick(case.item.title),
        url=link(request, "case", case.pk),
        kind=seen.kind,
        icon=seen.icon,
        status=case.get_state_display(),
        due=light(case, now),
        step=step,
        steps=steps,
        note=case.correction.note if needs_me else "",
        needs_me=needs_me,
        whom=whom,
    )


def case_filters(choices, wish) -> list[dict]:
    """The filters of a list of cases that have something to choose: {name, label, none, options,
    value, chosen}.
    """
    words = {
        "state": (_("State"), _("Every state")),
        "service": (_("Service"), _("Every service")),
        "year": (_("Sent in"), _("Every year")),
        "whom": (pgettext("filter", "For whom"), _("For everybody")),
        "by": (_("Who filed"), _("Everybody")),
        "light": (_("In time?"), _("Any light")),
    }
    return [
        {"name": name, "label": label, "none": none, "options": options, "value": value,
         "chosen": dict(options).get(value, "")}
        for name, (label, none) in words.items()
        for options, value in [(getattr(choices, name), getattr(wish, name))]
        if options
    ]  # fmt: skip


def draft_cards(user, owner_key: str, firm=None) -> list[dict]:
    """Applications begun and not sent, those begun in this browser before signing in as well:
    {draft, title, icon, page, number, of}. As many queries however many there are.
    """
    begun = list(forms.drafts_of(user, owner_key, firm))
    if user is not None and firm is None:
        begun += forms.drafts_of(None, owner_key)
    drafts = [draft for draft in begun if draft.purpose.startswith("item:")][:MOST_DRAFTS]
    known = items.items_by_id({draft.purpose.removeprefix("item:") for draft in drafts})
    together = [draft for draft in begun if bundles.is_bundle(draft)][:MOST_DRAFTS]
    return [
        {
            "draft": draft,
            "title": str(forms.form_of(draft).title),
            "icon": "layout-grid",
            "state": _("Draft"),
            **_reached(draft),
        }
        for draft in together
    ] + [
        {
            "draft": draft,
            "title": pick(item.title),
            "icon": item.icon,
            "state": _("Draft"),
            **_reached(draft),
        }
        for draft in drafts
        for item in [known.get(draft.purpose.removeprefix("item:"))]
        if item is not None
    ]


def _reached(draft) -> dict:
    """The page of the form where the person stopped, with its number."""
    form = forms.form_of(draft)
    theirs = {key for part in form.parts if part.needed for key in part.pages}
    pages = [page for page in form.pages if page.key not in theirs]
    number = next((n for n, one in enumerate(pages, 1) if one.key == draft.page), 1)
    return {"page": pick(pages[number - 1].title), "number": number, "of": len(pages)}


def invitation_cards(user) -> list[dict]:
    """The parts that this person was invited to: {invitation, title}; one query for all."""
    return [
        {"invitation": one, "title": pick(forms.form_of(one.draft).part(one.part).title)}
        for one in forms.invitations_to(user)[:MOST_DRAFTS]
    ]


def todo_lines(request, actor) -> list[dict]:
    """What waits for whoever acts, with the addresses of this end: {todo, url}."""
    return [
        {"todo": one, "url": _address(request, one) if one.url_name else ""}
        for one in todos_of(actor)
    ]


def _address(request, todo) -> str:
    space, _colon, name = todo.url_name.rpartition(":")
    if space == "portal":
        return link(request, name, *todo.url_args)
    return reverse(todo.url_name, args=todo.url_args)
