"""Beginning a notice with a template of an N-app."""

from django.utils import timezone

from platform_core.capabilities.notifications.wording import filled
from platform_core.common.i18n import pick
from platform_core.napps.selectors import current_manifest, napps_for
from security.organs.selectors import active_posts

from .audience import Audience, Term
from .chunks import name_words

LONGEST_TITLE = 120


def _templates(user) -> dict:
    """{"napp/key": (N-app, template)} of the N-apps that the person works with."""
    found = {}
    for napp in napps_for(user):
        for one in current_manifest(napp).section("notices"):
            found[f"{napp.slug}/{one.key}"] = (napp, one)
    return found


def offered(user) -> list[dict]:
    """What somebody may begin a notice with: {"key", "title", "napp"}."""
    return [
        {"key": key, "title": pick(one.title), "napp": pick(napp.title)}
        for key, (napp, one) in _templates(user).items()
    ]


def start_from(user, key: str) -> tuple[dict, Audience, dict]:
    """(words, people, meeting) to begin a notice with; empty unless `key` names a template."""
    _napp, one = _templates(user).get(key, (None, None)) if key else (None, None)
    if one is None:
        return {"needs_confirming": True}, Audience(), {}
    posts = active_posts(user)
    organ = name_words(posts[0].department) if posts else ""
    today = f"{timezone.localdate():%Y-%m-%d}"
    title, body = (
        filled(words, {"organ": organ, "date": today}) for words in (one.title, one.body)
    )
    words = {
        "title": title["zh"][:LONGEST_TITLE], "title_en": title["en"], "body": body["zh"],
        "body_en": body["en"], "needs_confirming": one.confirm,
        "escalate_minutes": one.escalate_minutes,
    }  # fmt: skip
    rule = one.audience
    organs = frozenset(post.department_id for post in posts) if rule.own_organ else frozenset()
    term = Term(
        organ=organs, below=rule.below, kind=frozenset(rule.kinds), duty=frozenset(rule.duties)
    )
    return words, Audience((term,)), {}
