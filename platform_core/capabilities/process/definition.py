"""What a process looks like in a manifest: nested lists of steps, so splits and joins always match.

A process that cannot end cannot be written down: there are no arrows, and whatever is opened inside
a block is closed with it. Step keys are optional for blocks; a missing one is numbered in reading
order, which is stable because a published definition never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from platform_core.common.i18n import Text

from .automatic import Call, Correct, Decide, SubProcess, Timer
from .parts import Key, Part, Stage, StepKey

Back = Literal["again", "direct"]
STAGES = ("acceptance", "review", "decision", "certificate")
HUMAN = ("fill", "approve")
# Steps that need no key of their own: nothing refers to them.
KEYLESS = {"cc", "condition", "parallel", "end", "notify", "timer", "correct"}
MAX_STEPS = 200
MAX_DEPTH = 8


class DepartmentOf(Part):
    """The department of this function at this region level above the case (3 county, 2 city, 1
    province)."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    level: Annotated[int, Field(ge=1, le=5)] | None = None


class Assign(Part):
    """Who does a step: the holders of `role` in a department. "case" is another word for
    "implementing".

    `by` says which of them: `pool` (whoever takes it), `least_loaded`, `round_robin`, `superior`
    (the head above the starter or above the last `of` handler), `field` (the person or department
    that the answer `field` names; `kinds` maps an answer to the function of a department) and
    `same_as` (whoever did the step `step`). Where that finds nobody it is the pool.
    """

    role: Key
    department: Literal["implementing"] | DepartmentOf = "implementing"
    by: Literal["pool", "least_loaded", "round_robin", "superior", "field", "same_as"] = "pool"
    of: Literal["starter", "handler"] = "starter"
    field: Key | None = None
    kinds: dict[str, Key] = Field(default_factory=dict, max_length=100)
    step: Key | None = None

    @field_validator("department", mode="before")
    @classmethod
    def _one_word(cls, value):
        return "implementing" if value == "case" else value

    @model_validator(mode="after")
    def _names_what_it_needs(self):
        if (self.field is not None) != (self.by == "field"):
            raise ValueError("`field` is given with by: field, and only there")
        if (self.step is not None) != (self.by == "same_as"):
            raise ValueError("`step` is given with by: same_as, and only there")
        if self.kinds and self.by != "field":
            raise ValueError("`kinds` is given with by: field only")
        return self


class Deadline(Part):
    """How long a step may take; what happens `after_days` (working days) or `after_hours` later.

    `tell`: people are only told; `head`, `deputy`: the task is theirs then; `pass`, `return`,
    `reject`: the system acts; `supervise`: the task stays, and is proposed for supervision. That
    silence is consent needs its legal basis in words.
    """

    working_days: Annotated[int, Field(ge=0, le=250)]
    on_timeout: Literal["tell", "head", "deputy", "pass", "return", "reject", "supervise"] = "tell"
    after_days: Annotated[int, Field(ge=0, le=60)] = 0
    after_hours: Annotated[int, Field(ge=0, le=240)] = 0
    silence_is_consent: Text | None = None

    @model_validator(mode="after")
    def _one_moment(self):
        if self.after_days and self.after_hours:
            raise ValueError("has either after_days or after_hours")
        if self.on_timeout == "tell" and (self.after_days or self.after_hours):
            raise ValueError("on_timeout: tell has nothing that comes later")
        if self.silence_is_consent is not None and self.on_timeout != "pass":
            raise ValueError("silence_is_consent is given with on_timeout: pass only")
        return self


class Branch(Part):
    title: Text | None = None
    steps: tuple[Step, ...] = ()


class ConditionBranch(Branch):
    """`when` is a rule tree; the last branch of a condition has none and is taken otherwise."""

    when: Any = None


# What whoever does a step may do with an answer of the applicant; unnamed ones are read.
Right = Literal["hidden", "read_only", "editable", "required"]
Rights = Annotated[dict[Key, Right], Field(default_factory=dict, max_length=300)]


class Approve(Part):
    """Somebody decides, in one of four modes.

    `any`: the first holder of the role who takes it; `all`: every holder at once; `in_order`: every
    holder one after another, or somebody of each role named in `order`; `vote`: every holder, and
    `share` percent of them all have to agree. A vote is over as soon as that is reached or out of
    reach; `on_lost` says what follows then. `back` says whether a process that is returned here
    goes through everything again or straight back to whoever returned it.
    """

    kind: Literal["approve"]
    key: Key
    title: Text
    stage: Stage = ""
    assign: Assign
    mode: Literal["any", "all", "in_order", "vote"] = "any"
    order: Annotated[tuple[Key, ...], Field(max_length=20)] = ()
    share: Annotated[int, Field(ge=1, le=100)] | None = None
    on_lost: Literal["reject", "return"] = "reject"
    back: Back = "again"
    fields: Rights
    deadline: Deadline | None = None
    actions: tuple[
        Literal["approve", "correct", "return", "reject", "transfer", "add_signer", "abstain"], ...
    ] = ("approve", "return", "reject", "transfer")

    @model_validator(mode="before")
    @classmethod
    def _ballot(cls, data):
        if isinstance(data, dict) and data.get("mode") == "vote" and "actions" not in data:
            data = {**data, "actions": ("approve", "reject", "abstain")}
        return data

    @field_validator("actions")
    @classmethod
    def _can_go_on(cls, value):
        if "approve" not in value:
            raise ValueError("must contain approve, or the step could never be passed")
        if len(set(value)) != len(value):
            raise ValueError("names an action twice")
        return value

    @model_validator(mode="after")
    def _fits_its_mode(self):
        is_vote = self.mode == "vote"
        if is_vote != (self.share is not None):
            raise ValueError("a vote, and nothing else, has a share")
        if is_vote and "reject" not in self.actions:
            raise ValueError("a vote must contain reject, or nobody could vote against")
        if not is_vote and ("abstain" in self.actions or self.on_lost != "reject"):
            raise ValueError("only in a vote one may abstain or lose")
        if self.order and self.mode != "in_order":
            raise ValueError("only the mode in_order has an order of roles")
        return self


class Fill(Part):
    """Somebody fills in a form of the same manifest."""

    kind: Literal["fill"]
    key: Key
    title: Text
    stage: Stage = ""
    assign: Assign
    form: Key
    back: Back = "again"
    fields: Rights
    deadline: Deadline | None = None
    actions: tuple[Literal["submit", "correct", "return", "reject", "transfer"], ...] = (
        "submit",
        "transfer",
    )

    @field_validator("actions")
    @classmethod
    def _can_go_on(cls, value):
        if "submit" not in value:
            raise ValueError("must contain submit, or the step could never be passed")
        if len(set(value)) != len(value):
            raise ValueError("names an action twice")
        return value

    @property
    def mode(self) -> str:
        return "any"


class CarbonCopy(Part):
    """The holders of a role are told; nobody waits for them."""

    kind: Literal["cc"]
    key: StepKey = ""
    title: Text
    assign: Assign


class Wording(Part):
    """A message in both languages; {subject}, {number} and {napp} are filled in."""

    title: Text
    body: Text


class Notify(Part):
    """Somebody is told; nobody waits. `template` names a wording of the manifest, `text` is one;
    `notice` names a notice of the manifest, which says itself whom it is for.
    """

    kind: Literal["notify"]
    key: StepKey = ""
    title: Text
    to: Literal["applicant", "starter"] | Assign | None = None
    template: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")] = ""
    text: Wording | None = None
    notice: Key | Literal[""] = ""

    @model_validator(mode="after")
    def _one_wording(self):
        if bool(self.template) + (self.text is not None) + bool(self.notice) != 1:
            raise ValueError("needs either a template, a text or a notice")
        if (self.to is None) != bool(self.notice):
            raise ValueError("says `to` whom, except with a notice, which says so itself")
        return self

    @property
    def assign(self) -> Assign | None:
        """Whom it tells, as other steps say who does them."""
        return self.to if isinstance(self.to, Assign) else None


class Condition(Part):
    """The first branch whose rule holds is taken; the last, without a rule, otherwise."""

    kind: Literal["condition"]
    key: StepKey = ""
    title: Text | None = None
    branches: Annotated[tuple[ConditionBranch, ...], Field(min_length=2, max_length=20)]


class Parallel(Part):
    """All branches run at once; the process goes on when every one of them is done."""

    kind: Literal["parallel"]
    key: StepKey = ""
    title: Text | None = None
    branches: Annotated[tuple[Branch, ...], Field(min_length=2, max_length=20)]


class End(Part):
    """The process closes here, whatever else is open."""

    kind: Literal["end"]
    key: StepKey = ""
    title: Text | None = None
    outcome: Literal["approved", "rejected"] = "approved"


Step = Annotated[
    Approve
    | Fill
    | Correct
    | CarbonCopy
    | Notify
    | Condition
    | Parallel
    | Decide
    | Call
    | SubProcess
    | Timer
    | End,
    Field(discriminator="kind"),
]


class Process(Part):
    key: Key
    title: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _number_blocks(cls, data):
        if isinstance(data, dict) and isinstance(data.get("steps"), list | tuple):
            taken: dict[str, int] = {}
            data = {**data, "steps": _with_keys(data["steps"], taken, 1)}
        return data


def _with_keys(steps, taken: dict[str, int], depth: int) -> list:
    """The raw steps with a key on every block; refuses what is too deep or too long to be read."""
    if depth > MAX_DEPTH:
        raise ValueError(f"blocks are nested more than {MAX_DEPTH} deep")
    named = []
    for step in steps:
        if not isinstance(step, dict):
            named.append(step)
            continue
        kind = str(step.get("kind", ""))
        taken["*"] = taken.get("*", 0) + 1
        if taken["*"] > MAX_STEPS:
            raise ValueError(f"has more than {MAX_STEPS} steps")
        step = dict(step)
        if not step.get("key") and kind in KEYLESS:
            taken[kind] = taken.get(kind, 0) + 1
            step["key"] = f"{kind}_{taken[kind]}"
        if isinstance(step.get("branches"), list | tuple):
            step["branches"] = [
                {**branch, "steps": _with_keys(branch.get("steps") or (), taken, depth + 1)}
                if isinstance(branch, dict) and isinstance(branch.get("steps", ()), list | tuple)
                else branch
                for branch in step["branches"]
            ]
        named.append(step)
    return named


def walk(steps, path: tuple = ("steps",)) -> Iterator[tuple[tuple, Any]]:
    """Every step with its path in the manifest, in reading order."""
    for index, step in enumerate(steps):
        here = (*path, index)
        yield here, step
        for number, branch in enumerate(getattr(step, "branches", ())):
            yield from walk(branch.steps, (*here, "branches", number, "steps"))


for _model in (Branch, ConditionBranch, Condition, Parallel, Process):
    _model.model_rebuild()
