"""Who does something: a person in a role, a system process, or somebody who did not sign in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .accounts.models import Firm, PersonMandate, User
    from .organs.models import Post


@dataclass(frozen=True)
class Actor:
    """The doer of a service call.

    `user` is None for the system and for anonymous people; `firm` is set while a person acts for a
    firm, `mandate` while they act for another person; `post` is the post in which a civil servant
    acts; `name` is what the audit row shows.
    """

    user: User | None = None
    firm: Firm | None = None
    post: Post | None = None
    channel: str = "web"
    ip: str | None = None
    request_id: str = ""
    name: str = ""
    is_system: bool = False
    mandate: PersonMandate | None = None

    @classmethod
    def of(cls, user, *, firm=None, post=None, channel="web", ip=None, request_id="") -> Actor:
        """The actor for a signed-in user; anonymous when `user` is None or not authenticated."""
        if user is not None and not user.is_authenticated:
            user = None
        name = user.name or user.username if user else ""
        return cls(user, firm, post, channel, ip, request_id, name)

    @classmethod
    def system(cls, name: str) -> Actor:
        """A process of the platform itself, such as "relay" or "deadline sweep"."""
        return cls(name=name, channel="system", is_system=True)

    @classmethod
    def anonymous(cls, *, ip=None, request_id="", channel="web") -> Actor:
        """Somebody who did not sign in."""
        return cls(ip=ip, request_id=request_id, channel=channel)

    @property
    def applicant(self) -> User | None:
        """Whose matter it is: the principal's under a mandate, else the doer's own."""
        return self.mandate.principal if self.mandate else self.user

    def under(self, mandate: PersonMandate | None) -> Actor:
        """The same person acting for the principal of `mandate`, or for themselves."""
        return replace(self, mandate=mandate) if mandate else self

    def as_person(self) -> Actor:
        """The same person acting for themselves, whatever firm they had chosen."""
        return replace(self, firm=None)
