"""The address book: organs, their people, who is found, who stands in for whom. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from platform_core.capabilities.process.delegation.models import Delegation
from platform_core.capabilities.process.delegation.selectors import in_force
from platform_core.common.i18n import pick
from security.accounts.models import User
from security.crypto import blind_index
from security.organs.models import Department, Post
from security.organs.selectors import active_posts

from .finding import END_DIGITS, Wanted
from .models import Card
from .policies import is_inside
from .standing_in import Link, chains

END = "mobile end"


@dataclass
class Step:
    """One link of a chain of deputies with its people."""

    deputy: User
    until: date
    is_partial: bool


@dataclass
class Line:
    """One person of the address book, as one reader sees them."""

    user: User
    posts: list[Post] = field(default_factory=list)
    room: str = ""
    phone: str = ""
    mobile: str = ""
    is_mobile_hidden: bool = False
    chains: list[list[Step]] = field(default_factory=list)

    @property
    def is_away(self) -> bool:
        """Whether somebody acts for them in everything today."""
        return any(not way[0].is_partial for way in self.chains)

    @property
    def public_mobile(self) -> str:
        """The mobile number as lists show it: a hidden one never, not even the reader's own."""
        return "" if self.is_mobile_hidden else self.mobile

    def titles_in(self, organ: Department) -> list[str]:
        """What they are called in an organ, in the reader's language."""
        return [
            pick({"zh": post.title, "en": post.title_en})
            for post in self.posts
            if post.department_id == organ.pk
        ]


def posts_on(day: date | None = None) -> QuerySet[Post]:
    """The posts that count on `day` (default: today), of people and organs that are active."""
    day = day or timezone.localdate()
    return Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        valid_from__lte=day,
        department__is_active=True,
        user__is_active=True,
        user__kind=User.Kind.OFFICIAL,
    )


def organ_for(user, code: str = "") -> Department | None:
    """The active organ with this code; without one the reader's own, or the topmost."""
    organs = Department.objects.filter(is_active=True).select_related("region", "parent")
    if code:
        return organs.filter(code=code).first()
    posts = active_posts(user)
    if posts:
        return posts[0].department
    return organs.filter(parent=None).order_by("code").first()


def may_take_away(user, organ: Department) -> bool:
    """Whether `user` may take the list of an organ's people away: that of their own organs, and of
    those below.
    """
    return any(organ.path.startswith(post.department.path) for post in active_posts(user))


def way_to(organ: Department) -> list[Department]:
    """The organs above `organ`, from the top."""
    codes = [code for code in organ.path.split("/") if code][:-1]
    found = {one.code: one for one in Department.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def tops() -> QuerySet[Department]:
    """The organs that stand at the top of the tree."""
    return with_people(Department.objects.filter(parent=None, is_active=True)).order_by("code")


def organs_below(organ: Department) -> QuerySet[Department]:
    """The organs directly below, by code, each with `people` counted."""
    found = Department.objects.filter(parent=organ, is_active=True)
    return with_people(found).order_by("code")


def with_people(organs: QuerySet[Department]) -> QuerySet[Department]:
    today = timezone.localdate()
    in_post = Q(posts__valid_from__lte=today, posts__user__is_active=True) & (
        Q(posts__valid_until=None) | Q(posts__valid_until__gte=today)
    )
    people = Count("posts__user", filter=in_post, distinct=True)
    return organs.annotate(people=people)


def people_in(organ: Department) -> QuerySet[User]:
    """Who has a post in `organ` today, heads first, then by name."""
    here = posts_on().filter(department=organ, user=OuterRef("pk"))
    found = User.objects.filter(Exists(here)).select_related("card")
    is_head = Case(
        When(Exists(here.filter(is_head=True)), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return found.annotate(rank=is_head).order_by("rank", "name", "pk")


def people_found(user, wanted: Wanted) -> QuerySet[User]:
    """Whoever has a post and answers to what was typed: name, pinyin, first letters, title of the
    post, end of the office number, or of the mobile number where its owner does not hide it.
    """
    if not wanted.text:
        return User.objects.none()
    answers = Q(name__icontains=wanted.text)
    exact = Q(name=wanted.text)
    if wanted.sound:
        answers |= Q(card__sounds__contains=f"|{wanted.sound}") & Q(card__named=F("name"))
        exact |= Q(card__sounds__contains=f"|{wanted.sound}|")
    if wanted.digits:
        answers |= Q(card__phone__endswith=wanted.digits)
        if is_inside(user):
            end = blind_index(wanted.digits[-END_DIGITS:], END)
            answers |= Q(card__mobile_end=end, card__hides_mobile=False) & _whole(wanted.digits)
    here = posts_on().filter(user=OuterRef("pk"))
    by_title = posts_on().filter(user=OuterRef("pk"), title__icontains=wanted.text)
    found = User.objects.filter(Exists(here)).filter(answers | Exists(by_title))
    fits = Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.annotate(rank=fits).select_related("card").order_by("rank", "name", "pk")


def _whole(digits: str) -> Q:
    """A whole mobile number is compared as a whole."""
    return Q(phone_index=blind_index(digits, "mobile")) if len(digits) > END_DIGITS else Q()


def organs_named(text: str, most: int = 20) -> list[Department]:
    """Active organs by a part of the name, in either language."""
    if not text:
        return []
    named = Q(name__icontains=text) | Q(name_en__icontains=text)
    found = Department.objects.filter(named, is_active=True).select_related("region")
    return list(found.order_by("region__level", "code")[:most])


def lines(reader, people, organ: Department | None = None) -> list[Line]:
    """`people` as `reader` sees them: posts (those in `organ` first), numbers, who stands in. A
    constant number of queries.
    """
    people = list(people)
    posts = defaultdict(list)
    held = posts_on().filter(user__in=people).select_related("department")
    for post in held.order_by("-is_head", "pk"):
        posts[post.user_id].append(post)
    for mine in posts.values():
        mine.sort(key=lambda post: post.department_id != (organ.pk if organ else None))
    ways = standing_in_for([one.pk for one in people])
    sees = is_inside(reader)
    return [_line(reader, one, posts[one.pk], ways.get(one.pk, []), sees) for one in people]


def _line(reader, user: User, posts, ways, sees: bool) -> Line:
    card = card_of(user)
    hides = card.hides_mobile and user.pk != reader.pk
    mobile = user.address_for("sms") if sees and not hides else ""
    return Line(user, posts, card.room, card.phone, mobile, card.hides_mobile, ways)


def card_of(user: User) -> Card:
    """The card of a person; an empty one that is not saved while there is none."""
    try:
        return user.card
    except Card.DoesNotExist:
        return Card(user=user)


def links_on(day: date | None = None) -> list[Link]:
    """Every delegation that counts on `day`, between active people."""
    found = in_force(day).filter(deputy__is_active=True).order_by("pk")
    return [
        Link(one.principal_id, one.deputy_id, one.valid_until, bool(one.napps)) for one in found
    ]


def standing_in_for(people: list[int], day: date | None = None) -> dict[int, list[list[Step]]]:
    """{person: the chains of deputies that begin with them}, for those who are away."""
    if not people:
        return {}
    links = links_on(day)
    found = {one: ways for one in people if (ways := chains(links, one))}
    ids = {link.deputy for ways in found.values() for way in ways for link in way}
    named = User.objects.in_bulk(ids) if ids else {}
    return {
        person: [
            [Step(named[one.deputy], one.until, one.is_partial) for one in way] for way in ways
        ]
        for person, ways in found.items()
    }


def away_between(people, first: date, last: date) -> dict[int, list[Delegation]]:
    """{person: their delegations of everything} that touch the days `first` to `last`."""
    found = Delegation.objects.filter(
        principal__in=people, ended_at=None, valid_from__lte=last, valid_until__gte=first, napps=[]
    ).select_related("deputy")
    away = defaultdict(list)
    for one in found.order_by("pk"):
        away[one.principal_id].append(one)
    return away
