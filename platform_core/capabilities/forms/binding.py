"""A form with what somebody typed into it: ready to be drawn, and judged."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick

from . import selectors
from .engine import Outcome, examine, examine_correction, key_of, strangers
from .exemptions import exempt_in
from .facts import Facts
from .schema import Form, Page


@dataclass
class BoundForm:
    """Typed `values`, `errors` by path (of `page` only, if there is one), `cleaned` answers.

    `command` is the button that was pressed; `rivals` are other answers to the same question, typed
    in another window; `opened` are the fields that became visible by this
    answer; `sources` says where values come from that nobody typed, `locked` which of them stay.
    """

    form: Form
    values: dict
    outcome: Outcome
    facts: Facts
    page: Page | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, dict] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    only: set[str] | None = None
    command: str = ""
    draft: object = None
    # The part that an invited person fills in; for the owner, pages that are somebody else's now.
    part: object = None
    closed: set[str] = field(default_factory=set)
    waiting: list = field(default_factory=list)
    rivals: dict[str, list] = field(default_factory=dict)
    # Questions that need no answer, with what is held instead.
    exempt: dict[str, dict] = field(default_factory=dict)
    actor: object = None

    @property
    def cleaned(self) -> dict:
        return self.outcome.cleaned

    @property
    def visible(self) -> set[str]:
        return self.outcome.visible

    @property
    def is_valid(self) -> bool:
        return not self.errors and not self.opened

    @property
    def pages(self) -> list[Page]:
        """The pages that are asked of this person with these answers."""
        if self.part is not None:
            return [page for page in self.outcome.pages if page.key in self.part.pages]
        if self.only is None:
            return [page for page in self.outcome.pages if page.key not in self.closed]
        return [page for page in self.outcome.pages if any(f.key in self.only for f in page.fields)]

    @property
    def number(self) -> int:
        """Which page this is, from 1."""
        return 1 + next((n for n, page in enumerate(self.pages) if page == self.page), 0)

    @property
    def next_page(self) -> Page | None:
        """The page to go on to; None means that all questions are answered: show the check page."""
        return self.pages[self.number] if self.page and self.number < len(self.pages) else None

    @property
    def previous_page(self) -> Page | None:
        return self.pages[self.number - 2] if self.page and self.number > 1 else None

    @property
    def may_go_on(self) -> bool:
        """Whether the person pressed Next and everything on the page is right."""
        return self.command == "next" and self.is_valid

    def page_of(self, path: str) -> Page | None:
        """The page on which an error path lies, for links from the check page."""
        key = key_of(path)
        return next((page for page, one in self.form.all_fields() if one.key == key), None)

    def first_wrong_page(self) -> Page | None:
        """The first page with an error, for a draft that was sent too early."""
        pages = [self.page_of(path) for path in self.errors]
        return next((page for page in self.form.pages if page in pages), None)


def bind(
    form: Form,
    values: dict,
    *,
    page: Page | str | None = None,
    actor,
    owner_key="",
    subject=None,
    quiet=False,
    only=None,
) -> BoundForm:
    """Judge typed `values` (by field key).

    With `page` only that page's errors count, though conditions see all answers. `subject` is the
    draft or record whose files may be named. `quiet` leaves out what is only missing so far: for a
    page that is opened, not sent. `only` are the fields open in a correction of the record of
    `subject`; fields that they bring to light are open too. A constant number of queries.
    """
    page = form.page(page) if isinstance(page, str) else page
    values = values if isinstance(values, dict) else {}
    facts = selectors.facts_for(
        form, values, actor=actor, owner_key=owner_key, subject=subject, today=timezone.localdate()
    )
    allowed = None
    if only:
        outcome, allowed = examine_correction(form, values, facts, set(only), _stored(subject))
    else:
        outcome = examine(form, values, facts)
    errors = dict(outcome.errors)
    if page is None:
        errors |= strangers(form, values)
    else:
        here = {question.key for question in page.fields}
        errors = {path: said for path, said in errors.items() if key_of(path) in here}
    if quiet:
        errors = {path: said for path, said in errors.items() if path not in outcome.missing}
    return BoundForm(form, values, outcome, facts, page, errors, only=allowed, actor=actor)


def bind_draft(
    draft, *, page=None, actor, owner_key="", quiet=False, part=None, is_judged=True
) -> BoundForm:
    """The draft's form with what was typed so far; a correction has only its open fields, an
    invited person only their `part`. With `is_judged` False nobody reads the errors, and what the
    government has is not asked for.
    """
    bound = bind(
        selectors.form_of(draft),
        selectors.plain_values(draft),
        page=page,
        actor=actor,
        owner_key=owner_key,
        subject=draft,
        quiet=quiet,
        only=draft.only_fields,
    )
    bound.draft = draft
    if is_judged:
        spare(bound, exempt_in(draft))
    bound.sources = selectors.sources_of(draft, bound.values)
    bound.locked = selectors.locked_keys(draft)
    bound.part = part
    if part is not None:  # to the invited person it is their own profile
        bound.sources = {key: {**one, "for": ""} for key, one in bound.sources.items()}
    _add_rivals(bound)
    if selectors.form_of(draft).parts and not draft.only_fields:
        _mind_parts(bound, is_whole=page is None)
    return bound


def spare(bound: BoundForm, exempt: dict) -> None:
    """What the government has is not missing; who has answered all the same, is taken at their
    word.
    """
    left = {key: facts for key, facts in exempt.items() if not bound.values.get(key)}
    bound.exempt = {key: facts for key, facts in left.items() if key in bound.visible}
    bound.errors = {
        path: said
        for path, said in bound.errors.items()
        if path not in bound.exempt or path not in bound.outcome.missing
    }
    bound.outcome.required -= bound.exempt.keys()


def _mind_parts(bound: BoundForm, *, is_whole: bool) -> None:
    """What is somebody else's to answer is not this person's mistake; but nothing is sent before
    they have confirmed it.
    """
    if bound.part is not None:
        mine = {question.key for question in bound.form.fields_of(bound.part)}
        bound.errors = {path: said for path, said in bound.errors.items() if key_of(path) in mine}
        return
    asked = {page.key for page in bound.outcome.pages}
    for state in selectors.parts_of(bound.draft):
        if not state.is_closed or not asked & set(state.part.pages):
            continue
        bound.closed |= set(state.part.pages)
        theirs = {question.key for question in bound.form.fields_of(state.part)}
        bound.errors = {
            path: said for path, said in bound.errors.items() if key_of(path) not in theirs
        }
        if not state.is_confirmed:
            bound.waiting.append(state)
            if is_whole:
                bound.errors[f"part:{state.part.key}"] = [
                    _("“%(part)s” is not confirmed yet.") % {"part": pick(state.part.title)}
                ]


def _add_rivals(bound: BoundForm) -> None:
    """Answers typed in two places: nothing is sent before the person has chosen."""
    if not bound.draft.rivals:
        return
    here = {f.key for f in bound.page.fields} if bound.page else bound.visible
    for key, others in selectors.rival_values(bound.draft).items():
        if key in bound.visible and key in here:
            bound.rivals[key] = [value for _pen, value in others]
            bound.errors.setdefault(key, []).append(
                _("This was answered differently in another window. Choose which answer counts.")
            )


def _stored(subject) -> dict:
    record = getattr(subject, "record", None) or subject
    return selectors.plain_values(record)
