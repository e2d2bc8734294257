"""Who sees and does what with reports. The organ counts, never the person: a successor has the same
rights from the first day of the post.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from security.access import Policy, register_policy
from security.organs.selectors import active_posts, headed, organs_of

from .dictionary_models import ReportField, ReportFieldVersion, ReportTemplate
from .models import ReportCampaign, ReportFilling, ReportReceipt


def seen_below(user) -> Q:
    """The fillings of the official's organs, and of organs of the same kind in regions below."""
    found = Q(pk__in=[])
    for post in active_posts(user):
        organ = post.department
        found |= Q(department=organ.pk)
        below = Q(department__region__path__startswith=organ.region.path)
        found |= (
            below & Q(department__kind=organ.kind) & ~Q(department__region__path=organ.region.path)
        )
    return found


class DictionaryPolicy(Policy):
    """Every official reads the dictionary and the templates; who works in the owning department
    changes them.
    """

    def visible(self, user, verb, queryset):
        posts = active_posts(user)
        if verb == "read":
            return queryset if posts else queryset.none()
        return queryset.filter(owner__in=organs_of(user)) if verb == "change" else queryset.none()


class VersionPolicy(Policy):
    """Heads of the owning department decide on what a colleague proposes."""

    def visible(self, user, verb, queryset):
        if verb == "read":
            return queryset if active_posts(user) else queryset.none()
        if verb != "decide":
            return queryset.none()
        return queryset.filter(headed(user, "field__owner")).exclude(asked_by=user.pk)


class CampaignPolicy(Policy):
    """The department that collects manages it; who uses it, fills in, or stands above whoever fills
    in reads it.
    """

    def visible(self, user, verb, queryset):
        organs = organs_of(user)
        if verb == "manage":
            return queryset.filter(owner__in=organs)
        if verb != "read" or not organs:
            return queryset.none()
        # Asked of each collection, so that a page reads no further than it shows.
        asked = ReportFilling.objects.filter(seen_below(user), campaign=OuterRef("pk"))
        used = ReportReceipt.objects.filter(department__in=organs, campaign=OuterRef("pk"))
        return queryset.filter(Q(owner__in=organs) | Exists(asked) | Exists(used))


class FillingPolicy(Policy):
    """Whoever works in the organ fills in; organs of its kind above read it and enter what comes
    from below on paper ("enter").
    """

    def visible(self, user, verb, queryset):
        if verb == "fill":
            return queryset.filter(department__in=organs_of(user))
        if verb == "enter":
            return queryset.filter(seen_below(user))
        if verb != "read" or not active_posts(user):
            return queryset.none()
        organs = organs_of(user)
        used = ReportReceipt.objects.filter(department__in=organs).values("campaign")
        mine = Q(campaign__owner__in=organs) | Q(campaign__in=used)
        return queryset.filter(mine | seen_below(user))


class ReceiptPolicy(Policy):
    """Whoever works in the department signs for it."""

    def visible(self, user, verb, queryset):
        if verb not in {"read", "sign"}:
            return queryset.none()
        return queryset.filter(department__in=organs_of(user))


register_policy(ReportField, DictionaryPolicy())
register_policy(ReportTemplate, DictionaryPolicy())
register_policy(ReportFieldVersion, VersionPolicy())
register_policy(ReportCampaign, CampaignPolicy())
register_policy(ReportFilling, FillingPolicy())
register_policy(ReportReceipt, ReceiptPolicy())
