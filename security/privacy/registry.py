"""Every model field says what kind of data it holds; an architecture test refuses a model that
does not.

Classes follow the classification duty of the Personal Information Protection Law (art. 51):
public, internal, personal, sensitive (art. 28: identity numbers, health, finance, whereabouts).
"""

CLASSES = ("public", "internal", "personal", "sensitive")
_declared: dict[type, dict[str, str]] = {}
_of_office: set[type] = set()


def declare(model: type, *, default: str | None = None, **fields: str) -> None:
    """Declare the data class of `model`'s own fields; `default` covers the ones not named."""
    names = {f.name for f in model._meta.local_fields} | {
        f.name for f in model._meta.local_many_to_many
    }
    unknown = set(fields) - names
    if unknown:
        raise ValueError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
    chosen = {name: fields.get(name, default) for name in names}
    wrong = {value for value in chosen.values() if value is not None} - set(CLASSES)
    if wrong:
        raise ValueError(f"unknown data class {', '.join(sorted(wrong))}")
    _declared[model] = {name: value for name, value in chosen.items() if value is not None}


def declared_fields(model: type) -> dict[str, str]:
    """The declared {field: class} of `model`, empty when it was never declared."""
    return _declared.get(model, {})


def declare_office(model: type) -> None:
    """Declare that the rows of `model` are the office's own work: they may name people, and belong
    to none of them.
    """
    _of_office.add(model)


def is_of_office(model: type) -> bool:
    """Whether `model` was declared to hold the office's own work."""
    return model in _of_office
