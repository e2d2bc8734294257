"""Whoever has begun an application is told when its item is suspended; the draft stays."""

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from platform_core.capabilities.forms.models import Draft
from platform_core.capabilities.notifications.services import notify

SUSPENDED = gettext_noop("“{service}” takes no new cases for some time")
KEPT = gettext_noop("Your draft is kept. You can send it as soon as the service is back. {notice}")


def tell_those_with_drafts(*, actor, item) -> None:
    """One message to each person with an unsent draft for `item`, once for each suspension."""
    drafts = Draft.objects.filter(
        purpose=f"item:{item.pk}",
        submitted_at=None,
        expires_at__gt=timezone.now(),
        user__isnull=False,
    ).select_related("user")
    occasion = f"{timezone.now():%Y%m%d%H%M%S}"
    for draft in drafts.order_by("user_id", "pk").distinct("user_id"):
        end = "enterprise" if draft.firm_id else "portal"
        notify(
            actor=actor,
            recipient=draft.user,
            key="item.suspended",
            title=_both(SUSPENDED),
            body=_both(KEPT),
            values={"service": item.title, "notice": item.notice},
            link=reverse("portal:guide", args=[item.napp.slug, item.key], current_app=end),
            dedupe=f"suspended:{item.pk}:{draft.user_id}:{occasion}",
        )


def _both(words: str) -> dict[str, str]:
    found = {}
    for language, code in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(code):
            found[language] = gettext(words)
    return found
