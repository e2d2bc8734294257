"""Who reads a notice, who sees its roll and acts on it, who lets a large one go out."""

from django.db.models import Q, QuerySet

from platform_core.capabilities.files.subjects import register_subject
from platform_core.capabilities.process.delegation.selectors import standing_in
from security.access import Policy, may, register_policy
from security.organs.selectors import headed, headed_ids, organs_of

from .models import Notice, Recipient, SavedAudience

State = Notice.State
OUT = (State.SENT, State.RECALLED, State.CLOSED)
FILES = "collab_hub.notice"


def managed_by(user) -> Q:
    """The notices that a person keeps: their own, and those of the departments they head."""
    return Q(sender=user) | Q(department__in=headed_ids(user))


def receivers_for(user) -> list[int]:
    """Whose notices the person reads: their own, and those of whom they stand in for today in
    everything. A notice belongs to no N-app, so whoever stands in for some of them does not see it.
    """
    return [user.pk, *(one.principal.pk for one in standing_in(user) if not one.napps)]


class NoticePolicy(Policy):
    """Verbs: "read" (recipients and their deputies, and whoever manages it), "manage" (the sender
    and the heads of the sending department), "edit" (the sender, while it is a draft), "release"
    (a head of the department or above, never the sender).
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated or not user.is_active:
            return queryset.none()
        if verb == "read":
            mine = Recipient.objects.filter(user__in=receivers_for(user)).values("notice")
            return queryset.filter(managed_by(user) | Q(pk__in=mine, state__in=OUT))
        if verb == "manage":
            return queryset.filter(managed_by(user))
        if verb == "edit":
            return queryset.filter(sender=user, state=State.DRAFT)
        if verb == "release":
            return queryset.filter(headed(user, "department"), state=State.WAITING).exclude(
                sender=user
            )
        return queryset.none()


class SavedAudiencePolicy(Policy):
    """The people of the department use its saved groups and keep them."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        return queryset.filter(department__in=organs_of(user))


register_policy(Notice, NoticePolicy())
register_policy(SavedAudience, SavedAudiencePolicy())


def may_see_file(user, subject_id: str, _key: str) -> bool:
    """Attachments are for whoever reads the notice, or lets it go out."""
    notice = Notice.objects.filter(pk=subject_id).select_related("department").first()
    return notice is not None and (may(user, "read", notice) or may(user, "release", notice))


register_subject(FILES, may_see_file)
