"""A key of a question stands for one kind of answer for ever: old answers are read by it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .schema import Form

# One kind of answer under two names of types.
ALIKE = {"textarea": "text"}


def check_history(forms: list[Form], earlier: list[tuple[str, list[Form]]]) -> Iterator[tuple]:
    """Keys that a form of the new version uses for another kind of answer than an earlier one did,
    and keys that an earlier version retired."""
    stood, retired = _stood(earlier)
    for number, form in enumerate(forms):
        for place, page in enumerate(form.pages):
            for position, field in enumerate(page.fields):
                path = (number, "pages", place, "fields", position, "key")
                known = stood.get((form.key, field.key))
                if (form.key, field.key) in retired:
                    words = {"key": field.key, "version": retired[form.key, field.key]}
                    message = _("Version %(version)s retired the key “%(key)s”. Choose a new key.")
                    yield path, message % words
                elif known and ALIKE.get(known[1], known[1]) != ALIKE.get(field.type, field.type):
                    words = {"key": field.key, "version": known[0], "type": known[1]}
                    message = _(
                        "In version %(version)s the key “%(key)s” stood for an answer of the type"
                        " %(type)s. Choose a new key."
                    )
                    yield path, message % words


def _stood(earlier) -> tuple[dict, dict]:
    """{(form, key): (version, type)} of the latest version that asked, and {(form, key): version}
    of what was retired."""
    stood, retired = {}, {}
    for version, forms in earlier:
        for form in forms:
            for key in form.retired:
                retired.setdefault((form.key, key), version)
            for field in form.questions():
                stood[form.key, field.key] = (version, field.type)
    return stood, retired
