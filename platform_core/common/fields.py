"""One description of a form question, whether it comes from a Django form or from a form schema.

A dict for `{% field %}` may hold: id, name, label, hint, error (or errors), kind, value, required,
optional (says so beside the label), options, source (where a prefilled value comes from), attrs
(further HTML attributes), prefix, suffix, width (xs, s, m), rows, accept, multiple, autocomplete,
inputmode, maxlength, readonly, action (a link: {"url", "label"}).

`kind` is one of: text, email, tel, url, number, date, time, datetime-local, password, search, file,
textarea, select, radio, checkbox (one box), checkboxes (many), static (shown, not asked), hidden.
`options` is a list of (value, label) or of {"value", "label", "hint", "checked", "disabled"}.
"""

from dataclasses import dataclass, field

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

GROUPS = {"radio", "checkboxes"}
INPUTS = {
    "text",
    "email",
    "tel",
    "url",
    "number",
    "date",
    "time",
    "datetime-local",
    "password",
    "search",
    "file",
}
KINDS = INPUTS | GROUPS | {"textarea", "select", "checkbox", "static", "hidden"}
WIDGET_KINDS = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radio"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.Select, "select"),
)


@dataclass
class Option:
    """One answer of a choice."""

    id: str
    value: str
    label: str
    hint: str = ""
    checked: bool = False
    disabled: bool = False


@dataclass
class Shown:
    """A question ready to be drawn by `ui/field.html`."""

    id: str
    name: str
    label: str
    kind: str
    value: object = ""
    hint: str = ""
    errors: list[str] = field(default_factory=list)
    required: bool = False
    optional: bool = False
    options: list[Option] = field(default_factory=list)
    source: str = ""
    prefix: str = ""
    suffix: str = ""
    width: str = ""
    rows: int = 3
    multiple: bool = False
    attrs: dict = field(default_factory=dict)
    action: dict | None = None
    widget: str = ""

    @property
    def hint_id(self) -> str:
        return f"{self.id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"

    @property
    def described_by(self) -> str:
        """The ids of what a screen reader reads together with the question."""
        ids = [self.hint_id] if self.hint else []
        return " ".join([*ids, self.error_id] if self.errors else ids)

    @property
    def grouped(self) -> bool:
        return self.kind in GROUPS

    @property
    def focus_id(self) -> str:
        """Where a link of the error summary leads: in a group, to its first answer."""
        return self.options[0].id if self.grouped and self.options else self.id

    @property
    def css(self) -> str:
        base = {"textarea": "textarea", "select": "select"}.get(self.kind, "input")
        return f"{base} w-{self.width}" if self.width else base

    @property
    def all_attrs(self) -> dict:
        """Attributes of the control; False and None are left out, True stands alone."""
        attrs = {
            "aria-describedby": self.described_by or None,
            "aria-invalid": "true" if self.errors else None,
            "required": (self.required and self.kind not in GROUPS) or None,
            "multiple": self.multiple or None,
            **self.attrs,
        }
        return {key: value for key, value in attrs.items() if value not in (None, False)}


def from_dict(source: dict) -> Shown:
    """A question from a plain dict. Unknown kinds are an error of the caller, not of the person."""
    kind = source.get("kind", "text")
    if kind not in KINDS:
        raise ValueError(f"unknown kind of field: {kind}")
    identity = source.get("id") or f"id_{source['name']}"
    errors = source.get("errors") or ([source["error"]] if source.get("error") else [])
    value = source.get("value")
    attrs = {
        key: source[key]
        for key in ("autocomplete", "inputmode", "maxlength", "readonly", "accept")
        if source.get(key) not in (None, "")
    }
    return Shown(
        id=identity,
        name=source["name"],
        label=source["label"],
        kind=kind,
        value="" if value is None else value,
        hint=source.get("hint") or "",
        errors=[str(error) for error in errors],
        required=bool(source.get("required")),
        optional=bool(source.get("optional")),
        options=options_of(identity, source.get("options") or (), value),
        source=source.get("source") or "",
        prefix=source.get("prefix") or "",
        suffix=source.get("suffix") or "",
        width=source.get("width") or "",
        rows=source.get("rows") or 3,
        multiple=bool(source.get("multiple")),
        attrs={**attrs, **(source.get("attrs") or {})},
        action=source.get("action"),
    )


def options_of(identity: str, options, value) -> list[Option]:
    """The answers of a choice, with the given value (or values) chosen."""
    chosen = value if isinstance(value, (list, tuple, set)) else [value]
    chosen = {str(one) for one in chosen if one is not None}
    built = []
    for number, option in enumerate(options):
        if not isinstance(option, dict):
            option = {"value": option[0], "label": option[1]}
        key = str(option["value"])
        built.append(
            Option(
                id=f"{identity}_{number}",
                value=key,
                label=option["label"],
                hint=option.get("hint") or "",
                checked=option.get("checked", key in chosen),
                disabled=bool(option.get("disabled")),
            )
        )
    return built


def kind_of(widget: forms.Widget) -> str:
    """The kind of question that a Django widget asks."""
    for kind, name in WIDGET_KINDS:
        if isinstance(widget, kind):
            return name
    return getattr(widget, "input_type", "text")


def from_bound(bound: BoundField, **options) -> Shown:
    """A question from a Django bound field; `options` add to it (hint, autocomplete, width, …)."""
    kind = kind_of(bound.field.widget)
    identity = bound.auto_id or bound.html_name
    value = bound.value()
    shown = from_dict(
        {
            "id": identity,
            "name": bound.html_name,
            "label": bound.label,
            "kind": kind if kind in KINDS else "text",
            "value": value,
            "hint": bound.help_text,
            "errors": list(bound.errors),
            "required": bound.field.required,
            "multiple": bool(getattr(bound.field.widget, "allow_multiple_selected", False)),
            "options": [],
            **options,
        }
    )
    if shown.grouped:
        shown.options = options_of(identity, list(bound.field.choices), value)
        return shown
    # Django draws the control itself, so that every widget of allauth works as it stands.
    # A placeholder that repeats the label only vanishes while one types.
    attrs = {
        "class": "box" if kind == "checkbox" else shown.css,
        "placeholder": options.get("placeholder") or False,
        **({"rows": options.get("rows", 4)} if kind == "textarea" else {}),
        **shown.all_attrs,
    }
    attrs.setdefault("aria-describedby", False)
    shown.widget = bound.as_widget(attrs=attrs)
    return shown


def summary(source) -> list[dict]:
    """Errors as {"id", "message"}: those of the whole form first, then field by field in order."""
    if source is None:
        return []
    if not isinstance(source, forms.BaseForm):
        return list(source)
    if not source.is_bound:
        return []
    found = [{"id": "", "message": str(error)} for error in source.non_field_errors()]
    # "This field is required" says too little in a list: the label goes before it.
    for bound in source:
        shown_id = bound.auto_id or bound.html_name
        if kind_of(bound.field.widget) in GROUPS:
            shown_id = f"{shown_id}_0"
        found += [
            {
                "id": shown_id,
                "message": _("%(label)s: %(error)s") % {"label": bound.label, "error": error},
            }
            for error in bound.errors
        ]
    return found
