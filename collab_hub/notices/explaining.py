"""An audience in words, before it is sent and on its roll."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from platform_core.common.audiences import audience_kind
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from security.accounts.models import User
from security.organs.kinds import kind_title
from security.organs.models import Department, Region
from security.organs.selectors import in_force

from .audience import Audience, Term
from .models import SavedAudience

DUTY_WORDS = {
    "head": gettext_lazy("heads"),
    "reviewer": gettext_lazy("reviewers"),
    "clerk": gettext_lazy("clerks"),
}
NAMED = 6


def explained(audience: Audience) -> dict[str, list[str]]:
    """{"any": [words], "not": [words]}: one line for each term."""
    names = _names([*audience.terms, *audience.without])
    return {
        "any": [_words(term, names) for term in audience.terms if not term.is_empty],
        "not": [_words(term, names) for term in audience.without if not term.is_empty],
    }


def _names(terms: list[Term]) -> dict:
    def all_of(name: str) -> set:
        return set().union(*(getattr(term, name) for term in terms)) if terms else set()

    organs = Department.objects.in_bulk(all_of("organ"))
    regions = in_force(Region.objects.filter(code__in=all_of("region")))
    people = User.objects.in_bulk(all_of("person")) if all_of("person") else {}
    groups = SavedAudience.objects.in_bulk(all_of("group")) if all_of("group") else {}
    return {
        "organ": {key: organ_words(one) for key, one in organs.items()},
        "region": {one.code: organ_words(one) for one in regions},
        "person": {key: str(one) for key, one in people.items()},
        "group": {key: one.name for key, one in groups.items()},
    }


def _words(term: Term, names: dict) -> str:
    parts = []
    if term.is_of_posts:
        parts.append(_post_words(term, names))
    if term.person:
        parts.append(_listed(sorted(term.person), names["person"]))
    for key, values in term.others.items():
        kind = audience_kind(key)
        known = kind.names(values) if kind else {}
        parts.append(f"{kind.title if kind else key}: {_listed(values, known)}")
    if term.group:
        listed = _listed(sorted(term.group), names["group"])
        parts.append(_("saved group: %(names)s") % {"names": listed})
    return _(", and of them only: ").join(parts)


def _post_words(term: Term, names: dict) -> str:
    who = pgettext("audience", "everybody")
    if term.duty:
        who = pgettext("audience", " and ").join(str(DUTY_WORDS[one]) for one in sorted(term.duty))
    where = []
    if term.organ:
        organs = _listed(sorted(term.organ), names["organ"])
        below = _("%(organs)s and the organs below") % {"organs": organs}
        where.append(below if term.below else organs)
    if term.kind:
        titles = {one: pick(kind_title(one)) for one in term.kind}
        where.append(
            _("of the functions %(names)s") % {"names": _listed(sorted(term.kind), titles)}
        )
    if term.region:
        listed = _listed(sorted(term.region), names["region"])
        where.append(_("in %(regions)s") % {"regions": listed})
    if not where:
        return _("%(who)s of every organ") % {"who": who}
    return _("%(who)s: %(where)s") % {"who": who, "where": pgettext("audience", ", ").join(where)}


def _listed(keys, names: dict) -> str:
    shown = [str(names.get(key, "?")) for key in list(keys)[:NAMED]]
    more = len(keys) - len(shown)
    text = pgettext("list", ", ").join(shown)
    if not more:
        return text
    rest = ngettext("%(n)d more", "%(n)d more", more) % {"n": more}
    return f"{text}{pgettext('list', ', ')}{rest}"
