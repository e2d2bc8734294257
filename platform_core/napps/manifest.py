"""The one manifest of N-apps, in code and from the browser, and the registry of its sections."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from platform_core.common.bounded_json import JSONRefused, is_storable, load_bounded
from platform_core.common.i18n import Text

from .code import hook_names
from .problems import CORE, ManifestInvalid, Problem, from_validation, located

__all__ = [
    "CORE",
    "Key",
    "Manifest",
    "ManifestInvalid",
    "Problem",
    "Role",
    "Section",
    "register_section",
    "sections",
    "validate_manifest",
]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
MAX_PROBLEMS = 200
# Far more than any matter needs; every entry is compared with every version and shown to whoever
# approves it.
MAX_ENTRIES = 100

# Slugs and keys become names in addresses, groups and Python folders.
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Version = Annotated[
    str,
    StringConstraints(
        pattern=r"^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$", max_length=20
    ),
]
End = Literal["government", "public", "enterprise"]
Verb = Literal["use", "handle", "manage"]


def entries(model) -> Any:
    """The type of a section that is a list of `model`."""
    return Annotated[list[model], Field(max_length=MAX_ENTRIES)]


class Strict(BaseModel):
    """Base of everything in a manifest: unknown keys are errors, values do not change
    afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Role(Strict):
    """Who works with the N-app: a group with verbs, and the standing duties that belong to it."""

    key: Key
    title: Text
    verbs: list[Verb] = Field(min_length=1, max_length=3)
    includes: list[Key] = Field(default=[], max_length=10)


class Core(Strict):
    schema_: Literal[1] = Field(alias="schema")
    slug: Slug
    version: Version
    title: Text
    summary: Text
    icon: Kind
    ends: list[End] = Field(min_length=1, max_length=3)
    department: Kind
    roles: list[Role] = Field(default=[], max_length=30)


@dataclass(frozen=True)
class Section:
    """A part of the manifest that one capability owns.

    `model` is the type of its value (a pydantic model or e.g. list[Form]). `check(manifest, value)`
    yields (path, message) for what pydantic cannot see, such as names that lead nowhere; it runs
    when every section is well-formed. `publish(napp_version, value)` writes what must be found in
    tables; it runs inside the transaction that opens or switches the version, with an empty list
    when the manifest has no such section any more. `check_history(value, earlier)` yields (path,
    message) for what earlier versions forbid; `earlier` are (version, value), the oldest first.
    """

    key: str
    model: Any
    check: Callable[["Manifest", Any], Iterable[tuple[Any, Any]]] | None = None
    publish: Callable | None = None
    check_history: Callable | None = None


@dataclass(frozen=True)
class Manifest:
    """A manifest that was found sound. `sections` maps a section's key to its typed value."""

    core: Core
    sections: dict[str, Any]
    raw: dict = field(repr=False)
    has_code: bool = False

    def __getattr__(self, name):
        # The core keys read as attributes: manifest.slug, manifest.title, manifest.roles …
        if name.startswith("__") or name == "core":
            raise AttributeError(name)
        return getattr(self.core, name)

    def section(self, key: str, default=()):
        """The typed value of a section, or `default` when the manifest does not have it."""
        return self.sections.get(key, default)

    def keys_of(self, key: str) -> set[str]:
        """The keys declared by the entries of a list section, to check references against."""
        return {entry.key for entry in self.section(key)}

    def role(self, key: str) -> Role | None:
        return next((role for role in self.core.roles if role.key == key), None)

    @property
    def role_keys(self) -> set[str]:
        return {role.key for role in self.core.roles}

    @property
    def digest(self) -> str:
        """SHA-256 of the content, independent of spacing and of the order of keys."""
        text = json.dumps(self.raw, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


_sections: dict[str, Section] = {}
_adapters: dict[str, TypeAdapter] = {}
_CORE_KEYS = {field.alias or name for name, field in Core.model_fields.items()}


def register_section(section: Section) -> None:
    """Make a section known to every manifest. A capability calls it once from its registrations."""
    known = _sections.get(section.key)
    if section.key in _CORE_KEYS or (known and known.model is not section.model):
        raise ValueError(f"manifest section {section.key} is taken")
    _sections[section.key] = section
    _adapters[section.key] = TypeAdapter(section.model)


def sections() -> dict[str, Section]:
    """All registered sections by key."""
    return dict(_sections)


def section_is_sound(key: str, value) -> bool:
    """Whether `value` is well-formed as the section `key`; cross-checks are not made."""
    try:
        _adapters[key].validate_python(value)
    except (KeyError, ValidationError):
        return False
    return True


def read_manifest(data) -> dict:
    """The JSON object in `data`, refused before parsing when it is too large or too deep."""
    if isinstance(data, str | bytes):
        try:
            data = load_bounded(data, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)
        except JSONRefused as error:
            raise unreadable(str(error)) from None
    elif not is_storable(data):
        raise unreadable(_("The text contains characters that cannot be stored."))
    if not isinstance(data, dict):
        raise unreadable(_("A manifest is an object with keys."))
    if len(json.dumps(data)) > 2 * MAX_BYTES:
        # Escapes may double the size of what came as bytes; what came as an object has no other
        # limit.
        raise unreadable(_("The text is larger than %(size)d MB.") % {"size": 1})
    return data


def unreadable(message: str) -> ManifestInvalid:
    """The refusal of something that is no manifest at all."""
    return ManifestInvalid([Problem(CORE, None, "", message)])


def validate_manifest(data: dict | bytes | str, *, has_code: bool = False) -> Manifest:
    """The sound manifest in `data` (JSON text or an object), or ManifestInvalid with every problem.

    `has_code` says that an installed Django app belongs to it: only then may it name hooks.
    """
    raw = read_manifest(data)
    manifest, problems = _parse(raw, has_code)
    problems += list(_hook_problems(raw, manifest, has_code))
    if manifest and not problems:
        problems += _core_problems(manifest) + _cross_problems(manifest)
    if problems:
        raise ManifestInvalid(problems[:MAX_PROBLEMS])
    return manifest


def parse_stored(raw: dict, *, has_code: bool = False) -> Manifest:
    """The manifest of a stored version. Its cross-checks passed when it was registered."""
    manifest, problems = _parse(raw, has_code)
    if manifest is None or problems:
        raise ManifestInvalid(problems)
    return manifest


def _parse(raw: dict, has_code: bool) -> tuple[Manifest | None, list[Problem]]:
    problems, core, values = [], None, {}
    core_part = {key: value for key, value in raw.items() if key in _CORE_KEYS}
    try:
        core = Core.model_validate(core_part)
    except ValidationError as error:
        problems += from_validation(CORE, core_part, error.errors(include_url=False))
    for key, value in raw.items():
        if key in _CORE_KEYS:
            continue
        section = _sections.get(key)
        if section is None:
            known = ", ".join(sorted(_sections))
            message = _("This section is not known. Known: %(names)s.") % {"names": known}
            problems.append(Problem(str(key)[:60], None, "", message))
            continue
        try:
            values[key] = _adapters[key].validate_python(value)
        except ValidationError as error:
            problems += from_validation(key, value, error.errors(include_url=False))
    return (Manifest(core, values, raw, has_code) if core else None), problems


def _core_problems(manifest: Manifest) -> list[Problem]:
    problems = []
    if len(set(manifest.core.ends)) != len(manifest.core.ends):
        problems.append(located(CORE, ("ends",), _("The same end is given twice.")))
    problems += duplicate_keys(CORE, manifest.core.roles, prefix=("roles",))
    for key, value in manifest.sections.items():
        if isinstance(value, list):
            problems += duplicate_keys(key, value)
    return problems


def duplicate_keys(section: str, entries: list, prefix: tuple = ()) -> list[Problem]:
    """A problem for each entry whose `key` an earlier entry of the same list has."""
    seen, problems = set(), []
    for index, entry in enumerate(entries):
        key = getattr(entry, "key", None)
        if key is not None and key in seen:
            message = _("The key “%(key)s” is given twice.") % {"key": key}
            problems.append(located(section, (*prefix, index, "key"), message))
        seen.add(key)
    return problems


def _cross_problems(manifest: Manifest) -> list[Problem]:
    problems = []
    for key, value in manifest.sections.items():
        check = _sections[key].check
        if check:
            problems += [located(key, path, message) for path, message in check(manifest, value)]
    return problems


def _hook_problems(raw: dict, manifest: Manifest | None, has_code: bool) -> Iterable[Problem]:
    known = hook_names(manifest.core.slug) if manifest and has_code else set()
    for path, name in _named_hooks(raw):
        section, rest = path[0], path[1:]
        if not has_code:
            message = _("Only an N-app with code of its own may name a hook.")
        elif name not in known:
            message = _("The N-app's code has no hook “%(name)s”.") % {"name": str(name)[:60]}
        else:
            continue
        yield located(CORE if section in _CORE_KEYS else section, rest, message)


def _named_hooks(raw: dict) -> Iterable[tuple[tuple, Any]]:
    waiting = [((), raw)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "hook" and path:
                    yield (*path, key), inner
                else:
                    waiting.append(((*path, key), inner))
        elif isinstance(value, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(value)]


def manifest_schema() -> dict:
    """The JSON Schema of a manifest with all registered sections, for editors and the API docs."""
    schema = Core.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    for key in sorted(_sections):
        part = _adapters[key].json_schema(ref_template=f"#/$defs/{key}.{{model}}")
        for name, definition in part.pop("$defs", {}).items():
            definitions[f"{key}.{name}"] = definition
        schema["properties"][key] = part
    schema["title"] = "N-app manifest"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def in_reading_order(manifest: Manifest) -> dict:
    """The raw manifest with its keys in the order of the schema: the database keeps no order."""
    like = manifest.core.model_dump(by_alias=True, exclude_unset=True)
    for key in _sections:
        if key in manifest.sections:
            like[key] = _adapters[key].dump_python(
                manifest.sections[key], by_alias=True, exclude_unset=True
            )
    return _ordered(manifest.raw, like)


def _ordered(raw, like):
    if isinstance(raw, dict) and isinstance(like, dict):
        keys = [key for key in like if key in raw] + [key for key in raw if key not in like]
        return {key: _ordered(raw[key], like.get(key)) for key in keys}
    if isinstance(raw, list) and isinstance(like, list):
        pairs = zip(raw, like, strict=False)
        return [_ordered(one, other) for one, other in pairs] + raw[len(like) :]
    return raw
