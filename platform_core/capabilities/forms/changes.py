"""The wording of what changed in forms: pages, questions, answers, conditions."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.common.i18n import pick
from platform_core.napps.changes import Talk, quoted, register_wording
from platform_core.napps.changes.matching import are_keyed, match

LOWER = {"min", "min_length", "min_rows", "min_choices", "earliest"}
UPPER = {"max", "max_length", "max_rows", "max_choices", "max_files", "latest"}


def rule_words(manifest: dict, tree) -> str:
    """A rule as a sentence over the questions of every form of the raw manifest."""
    labels, options = {}, {}
    for form in manifest.get("forms") or []:
        for field in fields_by_key(form).values():
            for asked in (field, *field.get("cells", ())):
                labels[asked["key"]] = pick(asked["label"])
                if "options" in asked:
                    options[asked["key"]] = {
                        option["value"]: pick(option["label"]) for option in asked["options"]
                    }
    return rules.sentence(tree, labels, get_language() or "en", options=options)


def fields_by_key(form: dict) -> dict[str, dict]:
    """The fields of a raw form, in order; of two with one key the last."""
    return {field["key"]: field for page in form["pages"] for field in page["fields"]}


def tell_forms(talk: Talk, old: list, new: list) -> None:
    """Every change of the section: what breaks answers or asks for more is marked."""
    found = match(old, new)
    for form, _before in found.added:
        talk.say(_("The form %(form)s was added") % {"form": quoted(form)}, _at(form))
    for form in found.removed:
        said = _("The form %(form)s was removed") % {"form": quoted(form)}
        talk.say(said, _at(form), breaking=True)
    for form, before in found.moved:
        talk.say(talk.moved(form, before), _at(form))
    for one, other in found.pairs:
        _tell_form(talk, one, other)


def _at(entry: dict, path: tuple = ()) -> tuple:
    return (*path, f"[{entry['key']}]")


def _tell_form(talk: Talk, old: dict, new: dict) -> None:
    path, about = _at(new), _("Form %(form)s") % {"form": quoted(new)}
    if not are_keyed(old["pages"], new["pages"]):
        talk.rest(about, old, new, path)
        return
    talk.rest(about, old, new, path, {"pages"})
    _tell_pages(talk, about, match(old["pages"], new["pages"]), (*path, "pages"))
    _tell_fields(talk, about, old, new, path)


def _tell_pages(talk: Talk, about: str, found, path: tuple) -> None:
    words = {"form": about}
    for page, _before in found.added:
        said = _("%(form)s: page %(page)s was added") % {**words, "page": quoted(page)}
        talk.say(said, _at(page, path))
    for page in found.removed:
        said = _("%(form)s: page %(page)s was removed") % {**words, "page": quoted(page)}
        talk.say(said, _at(page, path), breaking=True)
    for page, before in found.moved:
        talk.say(talk.moved(page, before, about), _at(page, path))
    for one, other in found.pairs:
        name = _("Page %(page)s") % {"page": quoted(other)}
        _tell_condition(talk, name, one, other, _at(other, path))
        talk.rest(name, one, other, _at(other, path), {"show_if", "fields"})


def _tell_fields(talk: Talk, about: str, old: dict, new: dict, path: tuple) -> None:
    before, after = (_placed(form) for form in (old, new))
    if before is None or after is None:
        talk.compare(about, ("fields",), old["pages"], new["pages"], (*path, "pages"))
        return
    found = match([entry for entry, _page in before.values()],
                  [entry for entry, _page in after.values()])  # fmt: skip
    for field, _earlier in found.added:
        words = {"field": quoted(field), "page": quoted(after[field["key"]][1])}
        if field.get("required"):
            said = _("%(field)s was added to page %(page)s and must be answered")
        else:
            said = _("%(field)s was added to page %(page)s")
        talk.say(said % words, _at(field, path), breaking=bool(field.get("required")))
    for field in found.removed:
        said = _("%(field)s is no longer asked") % {"field": quoted(field)}
        talk.say(said, _at(field, path), breaking=True)
    moved = {field["key"] for field, _earlier in found.moved}
    earlier = {field["key"]: one for field, one in found.moved}
    for one, other in found.pairs:
        key = other["key"]
        if before[key][1]["key"] != after[key][1]["key"]:
            words = {
                "field": quoted(other),
                "before": quoted(before[key][1]),
                "after": quoted(after[key][1]),
            }
            said = _("%(field)s moved from page %(before)s to page %(after)s") % words
            talk.say(said, _at(other, path))
        elif key in moved:
            talk.say(talk.moved(other, earlier[key]), _at(other, path))
        _tell_field(talk, one, other, _at(other, path))


def _placed(form: dict) -> dict | None:
    """{key: (field, its page)}, None when a key stands twice."""
    found = {}
    for page in form["pages"]:
        for field in page["fields"]:
            if field["key"] in found:
                return None
            found[field["key"]] = (field, page)
    return found


def _tell_field(talk: Talk, old: dict, new: dict, path: tuple) -> None:
    name = quoted(new)
    told = {"show_if"}
    _tell_condition(talk, name, old, new, path)
    if bool(old.get("required")) != bool(new.get("required")):
        told.add("required")
        if new.get("required"):
            talk.say(_("%(field)s became required") % {"field": name}, path, breaking=True)
        else:
            talk.say(_("%(field)s is no longer required") % {"field": name}, path)
    if old["type"] != new["type"]:
        told.add("type")
        words = {"field": name, "before": old["type"], "after": new["type"]}
        said = _("%(field)s: the kind of answer changed from %(before)s to %(after)s") % words
        talk.say(said, path, breaking=True)
    if are_keyed(old.get("options", []), new.get("options", [])):
        told.add("options")
        _tell_options(talk, name, old.get("options", []), new.get("options", []), path)
    told |= _tell_bounds(talk, name, old, new, path)
    talk.rest(name, old, new, path, told)


def _tell_options(talk: Talk, name: str, old: list, new: list, path: tuple) -> None:
    found = match(old, new)
    for option, _before in found.added:
        words = {"option": quoted(option), "field": name}
        talk.say(_("The answer %(option)s was added to %(field)s") % words, path)
    for option in found.removed:
        words = {"option": quoted(option), "field": name}
        said = _("The answer %(option)s was removed from %(field)s") % words
        talk.say(said, path, breaking=True)
    for option, before in found.moved:
        talk.say(talk.moved(option, before, name), path)
    for one, other in found.pairs:
        words = {"option": quoted(other), "field": name}
        talk.rest(_("%(field)s, answer %(option)s") % words, one, other, path)


def _tell_bounds(talk: Talk, name: str, old: dict, new: dict, path: tuple) -> set[str]:
    """Limits that are tighter than before; the others are told like everything else."""
    told = set()
    for key in (LOWER | UPPER) & old.keys() & new.keys():
        try:
            before, after = Decimal(str(old[key])), Decimal(str(new[key]))
        except InvalidOperation:
            continue
        if after > before if key in LOWER else after < before:
            told.add(key)
            words = {"field": name, "before": old[key], "after": new[key]}
            limit = _("%(field)s: the limit is tighter: %(before)s → %(after)s") % words
            talk.say(limit, (*path, key), breaking=True)
    return told


def _tell_condition(talk: Talk, name: str, old: dict, new: dict, path: tuple) -> None:
    before, after = old.get("show_if"), new.get("show_if")
    if before == after and ("show_if" in old) == ("show_if" in new):
        return
    words = {
        "name": name,
        "before": rule_words(talk.old, before) if before else _("always"),
        "after": rule_words(talk.new, after) if after else _("always"),
    }
    said = _("The condition of %(name)s changed: shown when %(before)s → shown when %(after)s")
    talk.say(said % words, (*path, "show_if"))


register_wording("forms", gettext_lazy("Forms"), tell_forms)
