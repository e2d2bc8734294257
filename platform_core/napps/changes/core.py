"""The wording of what every manifest has: names, ends, department, roles."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..manifest import CORE
from .matching import are_keyed, match
from .registry import register_wording
from .talk import Talk, quoted

ENDS = {
    "public": gettext_lazy("People"),
    "enterprise": gettext_lazy("Firms"),
    "government": gettext_lazy("Office"),
}
VERBS = {
    "use": gettext_lazy("may use the N-app"),
    "handle": gettext_lazy("may handle its cases"),
    "manage": gettext_lazy("may manage the N-app"),
}


def tell_core(talk: Talk, old: dict, new: dict) -> None:
    """Version, ends, department and roles; the other core keys by their names."""
    if old["version"] != new["version"]:
        words = {"before": old["version"], "after": new["version"]}
        talk.say(_("The version goes from %(before)s to %(after)s") % words, ("version",))
    if old["department"] != new["department"]:
        words = {"before": old["department"], "after": new["department"]}
        talk.say(
            _("The responsible department changes: %(before)s → %(after)s") % words,
            ("department",),
            breaking=True,
        )
    _ends(talk, old["ends"], new["ends"])
    told = {"version", "department", "ends"}
    if are_keyed(old.get("roles", []), new.get("roles", [])):
        _roles(talk, old.get("roles", []), new.get("roles", []))
        told.add("roles")
        if ("roles" in old) != ("roles" in new) and not (old.get("roles") or new.get("roles")):
            told.discard("roles")
    talk.rest("", old, new, (), told)


def _ends(talk: Talk, old: list, new: list) -> None:
    for end in [end for end in new if end not in old]:
        talk.say(_("Is now shown at the end “%(end)s”") % {"end": ENDS[end]}, ("ends",))
    for end in [end for end in old if end not in new]:
        said = _("Is no longer shown at the end “%(end)s”") % {"end": ENDS[end]}
        talk.say(said, ("ends",), breaking=True)
    if old != new and set(old) == set(new):
        talk.compare("", ("ends",), old, new, ("ends",))


def _roles(talk: Talk, old: list, new: list) -> None:
    found = match(old, new)
    for role, _before in found.added:
        talk.say(
            _("The role %(role)s was added: %(verbs)s")
            % {"role": quoted(role), "verbs": _verbs(role["verbs"])},
            ("roles", f"[{role['key']}]"),
        )
    for role in found.removed:
        said = _("The role %(role)s was removed") % {"role": quoted(role)}
        talk.say(said, ("roles", f"[{role['key']}]"), breaking=True)
    for role, before in found.moved:
        talk.say(talk.moved(role, before, _("roles")), ("roles", f"[{role['key']}]"))
    for one, other in found.pairs:
        path = ("roles", f"[{other['key']}]")
        about = _("Role %(role)s") % {"role": quoted(other)}
        told = _verb_changes(talk, about, one["verbs"], other["verbs"], path)
        talk.rest(about, one, other, path, told)


def _verb_changes(talk: Talk, about: str, old: list, new: list, path: tuple) -> set[str]:
    if set(old) == set(new):
        return set()
    for verb in [verb for verb in new if verb not in old]:
        said = _("%(role)s now also: %(verb)s") % {"role": about, "verb": VERBS[verb]}
        talk.say(said, (*path, "verbs"))
    for verb in [verb for verb in old if verb not in new]:
        said = _("%(role)s no longer: %(verb)s") % {"role": about, "verb": VERBS[verb]}
        talk.say(said, (*path, "verbs"), breaking=True)
    return {"verbs"}


def _verbs(verbs: list) -> str:
    return ", ".join(str(VERBS[verb]) for verb in verbs)


register_wording(CORE, gettext_lazy("The N-app"), tell_core)
