"""Who reads and handles papers: the organs they are of and were sent to, and whoever is asked.

A secret paper is read by the heads of those organs and by whoever takes part, by name.
"""

from django.db.models import Exists, OuterRef, Q

from platform_core.capabilities.files.subjects import register_subject
from security.access import Policy, may, register_policy
from security.organs.selectors import headed, organs_of

from .models import Attachment, OrganWord, Paper, Publication, Receipt, Revision, Step
from .states import EDITABLE

SUBJECT = "collab_hub.paper"
# Each attachment is a subject of its own: who sees it depends on the revision that names it.
ATTACHED = "collab_hub.paper_file"


def _is_official(user) -> bool:
    return bool(user and user.is_authenticated and user.is_active and user.is_official)


def _takes_part(user) -> Q:
    steps = Step.objects.filter(paper=OuterRef("pk"), person=user)
    receipts = Receipt.objects.filter(paper=OuterRef("pk")).filter(
        Q(signed_by=user) | Q(officer=user)
    )
    return Q(drafter=user) | Q(Exists(steps)) | Q(Exists(receipts))


def _through_organ(user, *, is_secret: bool) -> Q:
    organs = organs_of(user)
    own, to, asked = headed(user, "department"), headed(user, "organ"), headed(user, "organ")
    if not is_secret:
        own |= Q(department__in=organs)
        to |= Q(organ__in=organs)
        asked |= Q(organ__in=organs)
    receipts = Receipt.objects.filter(to, paper=OuterRef("pk"))
    steps = Step.objects.filter(asked, paper=OuterRef("pk"))
    return own | Q(Exists(receipts)) | Q(Exists(steps))


class PaperPolicy(Policy):
    """Verbs: "read"; "draft" (change the text); "handle" (seal, send, file, publish)."""

    def visible(self, user, verb, queryset):
        if not _is_official(user):
            return queryset.none()
        if verb == "read":
            plain = Q(secrecy="") & _through_organ(user, is_secret=False)
            secret = ~Q(secrecy="") & _through_organ(user, is_secret=True)
            return queryset.filter(_takes_part(user) | plain | secret)
        if verb not in {"draft", "handle"}:
            return queryset.none()
        ours = Q(secrecy="", department__in=organs_of(user)) | headed(user, "department")
        if verb == "handle":
            return queryset.filter(Q(drafter=user) | ours).exclude(state="outside")
        checks = Step.objects.filter(
            paper=OuterRef("pk"), kind=Step.Kind.REVIEW, state=Step.State.OPEN, person=user
        )
        return queryset.filter(Q(drafter=user) | Q(Exists(checks)) | ours, state__in=EDITABLE)


class ReceiptPolicy(Policy):
    """Verbs: "read", and "handle" for the organ's officials; of secret papers for its heads and who
    has it. "attach": whoever handles one from outside gives it files until it is filed.
    """

    def visible(self, user, verb, queryset):
        if not _is_official(user) or verb not in {"read", "handle", "attach"}:
            return queryset.none()
        if verb == "attach":
            queryset = queryset.filter(paper__state="outside", paper__secrecy="")
            queryset = queryset.exclude(state__in=["filed", "sent_back"])
        steps = Step.objects.filter(receipt=OuterRef("pk"), person=user)
        by_name = Q(signed_by=user) | Q(officer=user)
        if verb == "read":
            by_name |= Q(Exists(steps))
        ours = Q(paper__secrecy="", organ__in=organs_of(user)) | headed(user, "organ")
        return queryset.filter(ours | by_name)


class StepPolicy(Policy):
    """ "do" is for the person asked, or for the officials of the organ asked; "read" too."""

    def visible(self, user, verb, queryset):
        if not _is_official(user) or verb not in {"read", "do"}:
            return queryset.none()
        plain = Q(paper__secrecy="", person=None, organ__in=organs_of(user))
        found = Q(person=user) | plain | (Q(person=None) & headed(user, "organ"))
        return queryset.filter(found)


class PublicationPolicy(Policy):
    """Everybody views what is published; colleagues of the organ read and decide."""

    def visible(self, user, verb, queryset):
        if verb == "view":
            return queryset.filter(state=Publication.State.APPROVED)
        if not _is_official(user) or verb not in {"read", "decide"}:
            return queryset.none()
        found = queryset.filter(
            Q(paper__department__in=organs_of(user)) | headed(user, "paper__department")
        )
        return found.exclude(asked_by=user) if verb == "decide" else found


class WordPolicy(Policy):
    """Everybody of the organ uses its words; its heads give it new ones."""

    def visible(self, user, verb, queryset):
        if not _is_official(user):
            return queryset.none()
        if verb == "use":
            return queryset.filter(department__in=organs_of(user))
        return queryset.filter(headed(user, "department")) if verb == "change" else queryset.none()


def may_see_file(user, subject_id, _key="") -> bool:
    paper = Paper.objects.filter(pk=subject_id).first()
    return paper is not None and not paper.secrecy and may(user, "read", paper)


def may_see_attachment(user, subject_id, _key="") -> bool:
    """Readers see what the newest revision names, who writes or sends the paper what others name
    too, of one from outside who handles it; of a secret paper nobody sees any.
    """
    found = Attachment.objects.select_related("paper").filter(pk=subject_id).first()
    if found is None or found.paper.secrecy:
        return False
    paper = found.paper
    head = Revision.objects.filter(paper=paper, number=paper.head, is_side=False)
    if head.filter(content__files__contains=[str(found.pk)]).exists():
        return may(user, "read", paper)
    if paper.state == "outside":
        return any(may(user, "handle", one) for one in Receipt.objects.filter(paper=paper))
    return may(user, "draft", paper) or may(user, "handle", paper)


register_policy(Paper, PaperPolicy())
register_policy(Receipt, ReceiptPolicy())
register_policy(Step, StepPolicy())
register_policy(Publication, PublicationPolicy())
register_policy(OrganWord, WordPolicy())
register_subject(SUBJECT, may_see_file)
register_subject(ATTACHED, may_see_attachment)
