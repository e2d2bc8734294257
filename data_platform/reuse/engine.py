"""What a manifest makes use of: pure functions over its JSON, to measure reuse."""

from collections.abc import Iterator
from dataclasses import dataclass

# A capability without a section of its own shows by the keys that other sections give it.
SIGNS = {
    "rules": {"show_if", "when", "required_if", "valid_if", "expression"},
    "files": {"accept"},
}
FILE_TYPES = {"attachment", "photo", "signature"}


@dataclass(frozen=True)
class Question:
    """One field that a manifest asks people for. `prefilled`: the platform offers what it knows."""

    form: str
    key: str
    label: object
    type: str
    prefilled: bool


def objects(value) -> Iterator[dict]:
    """Every JSON object inside `value`, without recursion."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def capabilities_used(manifest: dict, owners: dict[str, str]) -> set[str]:
    """Keys of the capabilities that `manifest` uses. `owners` maps a section to its capability."""
    used = {owners[key] for key, value in manifest.items() if value and key in owners}
    for part in objects([value for key, value in manifest.items() if key in owners]):
        used |= {name for name, signs in SIGNS.items() if any(part.get(sign) for sign in signs)}
        if part.get("type") in FILE_TYPES:
            used.add("files")
    return used


def questions(manifest: dict) -> list[Question]:
    """Every field that the forms of `manifest` ask, in the order of the manifest."""
    return [
        Question(
            form=str(form.get("key", "")),
            key=str(field["key"]),
            label=field.get("label") or field["key"],
            type=str(field["type"]),
            prefilled=bool(field.get("prefill")),
        )
        for form in manifest.get("forms") or []
        for page in form.get("pages") or []
        for field in page.get("fields") or []
        if field.get("key") and field.get("type") not in {None, "note"}
    ]
