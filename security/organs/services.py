"""Writes of regions, departments and posts."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from security.actors import Actor
from security.audit.services import record_audit

from .duties import forget_posts, standing_group
from .models import Department, Post, Region


@transaction.atomic
def create_region(
    *,
    actor: Actor,
    code: str,
    name: str,
    level: int,
    parent: Region | None = None,
    name_en: str = "",
    valid_from: date,
    valid_to: date | None = None,
) -> Region:
    """Add a division. `path` follows from the parent."""
    region = Region(
        code=code, name=name, name_en=name_en, level=level, parent=parent,
        path=f"{parent.path if parent else ''}{code}/", valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    region.full_clean()
    region.save()
    record_audit(
        actor=actor,
        verb="region.create",
        obj=region,
        after={"code": code, "valid_from": valid_from},
    )
    return region


@transaction.atomic
def end_region(*, actor: Actor, region: Region, on: date) -> Region:
    """The division is no longer in force from the day `on`.

    Its row stays for what was filed under it.
    """
    before = {"valid_to": region.valid_to}
    region.valid_to = on
    region.save(update_fields=["valid_to"])
    record_audit(actor=actor, verb="region.end", obj=region, before=before, after={"valid_to": on})
    return region


@transaction.atomic
def create_department(
    *,
    actor: Actor,
    code: str,
    kind: str,
    name: str,
    region: Region,
    parent: Department | None = None,
    name_en: str = "",
    credit_code: str = "",
    phone: str = "",
    address: str = "",
    address_en: str = "",
    hours: str = "",
) -> Department:
    """Add an organ below `parent` (None: at the top)."""
    department = Department(
        code=code, kind=kind, name=name, name_en=name_en, region=region, parent=parent,
        credit_code=credit_code, phone=phone, address=address, address_en=address_en, hours=hours,
        path=_path(parent, code),
    )  # fmt: skip
    department.full_clean()
    department.save()
    record_audit(
        actor=actor, verb="department.create", obj=department,
        after={"code": code, "kind": kind, "name": name, "region": region},
    )  # fmt: skip
    return department


@transaction.atomic
def change_department(*, actor: Actor, department: Department, **changes) -> Department:
    """Change names, function, phone, address, hours, credit code, region, parent or activity; the
    subtree moves along.
    """
    old_path = department.path
    before = {name: getattr(department, name) for name in changes}
    for name, value in changes.items():
        setattr(department, name, value)
    department.path = _path(department.parent, department.code)
    _refuse_circle(department, old_path)
    department.full_clean()
    department.save()
    if old_path and department.path != old_path:
        _move_subtree(old_path, department.path)
    record_audit(
        actor=actor, verb="department.change", obj=department, before=before, after=dict(changes)
    )
    return department


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    user,
    department: Department,
    title: str,
    title_en: str = "",
    duties=(),
    groups=(),
    is_head: bool = False,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Post:
    """Give `user` a post in `department`; `duties` are names of standing groups, `groups` further
    roles.
    """
    post, _is_new = Post.objects.update_or_create(
        user=user, department=department, title=title,
        defaults={
            "title_en": title_en, "is_head": is_head,
            "valid_from": valid_from or timezone.localdate(), "valid_until": valid_until,
        },
    )  # fmt: skip
    roles = [standing_group(duty) for duty in duties] + list(groups)
    post.groups.set(roles)
    forget_posts(user)
    record_audit(
        actor=actor, verb="post.appoint", obj=post,
        after={"user": user.pk, "department": department, "title": title,
               "roles": sorted(group.name for group in roles), "valid_until": valid_until},
    )  # fmt: skip
    return post


@transaction.atomic
def appoint_to_many(
    *,
    actor: Actor,
    user,
    departments: list[Department],
    title: str,
    title_en: str = "",
    duties=(),
    is_head: bool = False,
    valid_from: date | None = None,
) -> list[Post]:
    """Give `user` the same new post in several departments at once; one entry in the trail."""
    terms = {"title": title, "title_en": title_en, "is_head": is_head}
    terms["valid_from"] = valid_from or timezone.localdate()
    posts = Post.objects.bulk_create(
        Post(user=user, department=department, **terms) for department in departments
    )
    held = Post.groups.through
    roles = [standing_group(duty) for duty in duties]
    held.objects.bulk_create(held(post=post, group=role) for post in posts for role in roles)
    forget_posts(user)
    record_audit(
        actor=actor,
        verb="post.appoint",
        obj=("security.post", "", title),
        after={
            "user": user.pk,
            "departments": [department.code for department in departments],
            "roles": [role.name for role in roles],
        },
    )
    return posts


@transaction.atomic
def end_post(*, actor: Actor, post: Post, on: date) -> Post:
    """The last day in the post is `on`."""
    before = {"valid_until": post.valid_until}
    post.valid_until = on
    post.save(update_fields=["valid_until"])
    forget_posts(post.user)
    record_audit(actor=actor, verb="post.end", obj=post, before=before, after={"valid_until": on})
    return post


def _path(parent: Department | None, code: str) -> str:
    return f"{parent.path if parent else ''}{code}/"


def _refuse_circle(department: Department, old_path: str) -> None:
    if old_path and department.parent and department.parent.path.startswith(old_path):
        raise ValidationError({"parent": [_("A department cannot be below itself.")]})


def _move_subtree(old_path: str, new_path: str) -> None:
    below = list(Department.objects.filter(path__startswith=old_path).exclude(path=new_path))
    for department in below:
        department.path = new_path + department.path[len(old_path) :]
    Department.objects.bulk_update(below, ["path"])
