"""Notices that an N-app brings: begun by people, or sent by a step of a process."""

from django.utils import timezone

from platform_core.capabilities.notifications.wording import filled
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_text
from platform_core.napps.selectors import current_manifest, napps_for, version_manifest
from security.organs.selectors import active_posts, organs_of

from .audience import Audience, Term
from .capability import NoticeTemplate, Rule, is_for_steps
from .people import scope_of


def _templates(user) -> dict:
    """{"napp/key": (N-app, template)} of the N-apps that the person works with."""
    found = {}
    for napp in napps_for(user):
        for one in current_manifest(napp).section("notices"):
            if not is_for_steps(one):
                found[f"{napp.slug}/{one.key}"] = (napp, one)
    return found


def offered(user) -> list[dict]:
    """What somebody may begin a notice with: {"key", "title", "napp"}."""
    return [
        {"key": key, "title": pick(one.title), "napp": pick(napp.title)}
        for key, (napp, one) in _templates(user).items()
    ]


def start_from(user, key: str) -> tuple[dict, Audience]:
    """(words, people) to begin a notice with; empty unless `key` names a template."""
    _napp, one = _templates(user).get(key, (None, None)) if key else (None, None)
    if one is None:
        return {"needs_confirming": True}, Audience()
    posts = active_posts(user)
    organ = organ_text(posts[0].department) if posts else ""
    title, body = _filled(one, organ=organ)
    words = {
        "title": title["zh"], "title_en": title["en"], "body": body["zh"],
        "body_en": body["en"], "needs_confirming": one.confirm,
        "escalate_minutes": one.escalate_minutes,
    }  # fmt: skip
    rule = one.audience
    term = Term(**_place(user, rule), kind=frozenset(rule.kinds), duty=frozenset(rule.duties))
    return words, Audience((term,))


def _place(user, rule: Rule) -> dict:
    """Where the people of a template are looked for: among those the person may write to."""
    regions = scope_of(user).regions
    if regions and not rule.own_organ:
        return {"region": frozenset(path.rstrip("/").split("/")[-1] for path in regions)}
    organs = frozenset(organs_of(user))
    return {"organ": organs, "below": rule.below or not rule.own_organ}


def _filled(one: NoticeTemplate, **values) -> list[dict]:
    """Title and body in both languages, with today's date."""
    values = {**values, "date": f"{timezone.localdate():%Y-%m-%d}"}
    return [filled(words, values) for words in (one.title, one.body)]


def of_step(instance, key: str) -> tuple[NoticeTemplate, dict, dict, Audience]:
    """(template, title, body, people) of the notice `key` that a step of a process sends.

    It is for the organs of the division in which the matter is handled, and those below it.
    """
    version, organ = instance.napp_version, instance.department
    one = next(one for one in version_manifest(version).section("notices") if one.key == key)
    title, body = _filled(
        one, organ=organ_text(organ), number=instance.subject_number, napp=version.napp.title
    )
    rule = one.audience
    place = {"organ": frozenset({organ.pk}), "below": rule.below}
    if not rule.own_organ:
        place = {"region": frozenset({organ.region.code})}
    term = Term(**place, kind=frozenset(rule.kinds), duty=frozenset(rule.duties))
    return one, title, body, Audience((term,))
