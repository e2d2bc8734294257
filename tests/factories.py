"""People, organs and places for tests. Every maker has sensible defaults and goes through the
services.

alice = make_citizen("alice") # signs in with PASSWORD bob = make_official("bob", kind="health",
duties=["clerk"]) sign_in(client, bob) # with his second factor done
"""

from __future__ import annotations

import itertools
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from security import identifiers
from security.accounts import services as accounts
from security.accounts.models import Firm, User
from security.actors import Actor
from security.organs import services as organs
from security.organs.models import Department, Region
from security.organs.selectors import active_posts, region_by_code

PASSWORD = "correct-horse-battery-9"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MAKER = Actor.system("test")
LONG_AGO = date(2018, 1, 1)
_numbers = itertools.count(1)

PLACES = {
    "330000": ("浙江省", "Zhejiang Province", 1, None),
    "330100": ("杭州市", "Hangzhou", 2, "330000"),
    "330300": ("温州市", "Wenzhou", 2, "330000"),
    "330106": ("西湖区", "Xihu District", 3, "330100"),
    "330110": ("余杭区", "Yuhang District", 3, "330100"),
    "330302": ("鹿城区", "Lucheng District", 3, "330300"),
    "330382": ("乐清市", "Yueqing", 3, "330300"),
}


def make_region(code: str = "330106") -> Region:
    """The real division with `code` and those above it; made once in a test."""
    found = region_by_code(code, on=date(2020, 2, 9))
    if found:
        return found
    name, name_en, level, parent = PLACES[code]
    return organs.create_region(
        actor=MAKER, code=code, name=name, name_en=name_en, level=level,
        parent=make_region(parent) if parent else None, valid_from=LONG_AGO,
    )  # fmt: skip


def make_department(kind: str = "health", region: Region | str = "330106", **more) -> Department:
    """The department with function `kind` in `region`; the same one when asked again."""
    region = make_region(region) if isinstance(region, str) else region
    code = more.pop("code", f"{region.code}-{kind}")
    found = Department.objects.filter(code=code).first()
    if found:
        return found
    more.setdefault("name", f"{region.name}{kind}")
    more.setdefault("name_en", f"{region.name_en} {kind}")
    more.setdefault("credit_code", credit_code(first=f"11{region.code[:6]}"))
    return organs.create_department(actor=MAKER, code=code, kind=kind, region=region, **more)


def make_citizen(username: str = "", *, verified: bool = True, **more) -> User:
    """A citizen with a real-name identity (unless `verified` is False)."""
    number = next(_numbers)
    username = username or f"citizen{number}"
    more.setdefault("name", username.capitalize())
    more.setdefault("email", f"{username}@example.org")
    user = accounts.register_citizen(actor=MAKER, username=username, password=PASSWORD, **more)
    if verified:
        accounts.verify_identity(
            actor=MAKER, user=user, real_name=more["name"] if len(more["name"]) > 1 else "陈宁",
            citizen_number=citizen_number(number), source="test",
        )  # fmt: skip
    return user


def make_official(
    username: str = "",
    *,
    kind: str = "health",
    region: Region | str = "330106",
    department: Department | None = None,
    duties=("clerk",),
    title: str = "科员",
    groups=(),
    name: str = "",
) -> User:
    """A civil servant with a post in the department of `kind` in `region`, second factor set up."""
    username = username or f"official{next(_numbers)}"
    user = make_staff(username, kind=User.Kind.OFFICIAL, name=name)
    department = department or make_department(kind, region)
    organs.appoint(
        actor=MAKER, user=user, department=department, title=title,
        duties=duties, groups=groups, valid_from=LONG_AGO,
    )  # fmt: skip
    return user


def make_admin(username: str = "root") -> User:
    """A system administrator with every right in the admin site, second factor set up."""
    return make_staff(username, kind=User.Kind.ADMIN)


def make_auditor(username: str = "auditor") -> User:
    """An auditor: reads the audit trail, changes nothing. Second factor set up."""
    return make_staff(username, kind=User.Kind.AUDITOR)


def make_staff(username: str, *, kind: str, name: str = "", second_factor: bool = True) -> User:
    user = accounts.create_staff(
        actor=MAKER, username=username, email=f"{username}@gov.example", password=PASSWORD,
        name=name or username.capitalize(), kind=kind,
    )  # fmt: skip
    if second_factor:
        TOTP.activate(user, TOTP_SECRET)
    return user


def make_firm(name: str = "", **more) -> Firm:
    """A firm with a valid unified social credit code."""
    name = name or f"测试企业{next(_numbers)}有限公司"
    return accounts.create_firm(
        actor=MAKER, name=name, credit_code=more.pop("code", credit_code()), **more
    )


def make_firm_agent(username: str = "", *firms: Firm, **more) -> User:
    """A citizen who may act for `firms` (one new firm when none is given)."""
    user = make_citizen(username, **more)
    for firm in firms or (make_firm(),):
        accounts.grant_mandate(actor=MAKER, firm=firm, user=user, valid_from=LONG_AGO)
    return user


def actor_of(user: User | None, firm: Firm | None = None) -> Actor:
    """The actor that a request of `user` would carry."""
    posts = active_posts(user)
    return Actor.of(user, firm=firm, post=posts[0] if posts else None, ip="127.0.0.1")


def sign_in(
    client, user: User, *, firm: Firm | None = None, second_factor: bool | None = None
) -> User:
    """Sign `user` in on a Django or DRF test client, staff with their second factor done in this
    session.
    """
    client.force_login(user, backend="security.accounts.backends.AccountBackend")
    session = client.session
    if second_factor if second_factor is not None else user.needs_second_factor:
        authenticator = Authenticator.objects.filter(user=user, type="totp").first()
        if authenticator is None:
            authenticator = TOTP.activate(user, TOTP_SECRET).instance
        now = timezone.now().timestamp()
        session["account_authentication_methods"] = [
            {"method": "password", "at": now, "username": user.username},
            {"method": "mfa", "at": now, "id": authenticator.pk, "type": "totp"},
        ]
        session["account_authentication_methods_user"] = str(user.pk)
    if firm:
        session[accounts.ACTING_FIRM] = str(firm.pk)
    session.save()
    return user


def citizen_number(serial: int = 1, born: str = "19900101", area: str = "330113") -> str:
    """A valid number of nobody: area 330113 began in 2021, so no one born before carries it."""
    first17 = f"{area}{born}{serial % 1000:03d}"
    return first17 + identifiers.citizen_check_char(first17)


def credit_code(serial: int | None = None, first: str = "91330106") -> str:
    """A valid unified social credit code; a new one at each call unless `serial` is given."""
    serial = next(_numbers) if serial is None else serial
    return identifiers.made_up_credit_code(first, f"K{serial:07d}")
