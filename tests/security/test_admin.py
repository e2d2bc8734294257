"""The admin site: every page opens under the strict content policy, every change is on record."""

import pytest
from django.contrib import admin
from django.urls import reverse

from security.accounts.models import Firm, User
from security.audit.models import AuditEntry
from security.audit.services import record_audit
from security.organs.models import Department, Post, Region
from tests.factories import (
    MAKER,
    credit_code,
    make_admin,
    make_auditor,
    make_citizen,
    make_department,
    make_firm_agent,
    make_official,
    make_region,
    sign_in,
)

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label == "security"]


@pytest.fixture
def root(client):
    return sign_in(client, make_admin())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_searches_and_pages_open(client, root, model):
    make_official("bob"), make_firm_agent("carol")
    name = f"admin:security_{model._meta.model_name}"
    for query in ("", "?q=1"):
        page = client.get(reverse(f"{name}_changelist") + query)
        assert page.status_code == 200
        assert "style=" not in page.content.decode() and "<script>" not in page.content.decode()
    row = model._default_manager.first()
    if row:
        page = client.get(reverse(f"{name}_change", args=[row.pk]))
        assert page.status_code == 200 and "<script>" not in page.content.decode()
    assert client.get(reverse(f"{name}_add")).status_code in {200, 403}
    if row:
        assert (
            client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code
            == 403
        )


def test_a_civil_servant_is_made_without_a_password(client, root):
    given = {"username": "dave", "name": "大卫", "email": "dave@gov.example", "kind": "official"}
    answer = client.post(reverse("admin:security_user_add"), given)
    assert answer.status_code == 302, answer.context["errors"]
    dave = User.objects.get(username="dave")
    assert not dave.has_usable_password() and dave.needs_second_factor and not dave.is_staff
    assert AuditEntry.objects.get(verb="user.create", object_id=str(dave.pk)).actor == root


def test_rights_follow_the_kind_and_the_change_is_on_record(client, root):
    alice = make_citizen("alice", phone="13900000001")
    page = client.get(reverse("admin:security_user_change", args=[alice.pk])).content.decode()
    assert "139****0001" in page and "13900000001" not in page
    given = {
        "username": "alice",
        "name": "Alice",
        "email": "a@example.org",
        "kind": "auditor",
        "is_active": "on",
    }
    assert (
        client.post(reverse("admin:security_user_change", args=[alice.pk]), given).status_code
        == 302
    )
    alice.refresh_from_db()
    assert alice.is_staff and not alice.is_superuser and alice.phone == "13900000001"
    entry = AuditEntry.objects.get(verb="admin.change")
    assert entry.before["kind"] == "citizen" and entry.after["kind"] == "auditor"
    assert "a@example.org" not in str(entry.after)


def test_organs_are_made_through_the_services(client, root):
    region = make_region("330106")
    given = {
        "code": "330106-parks", "kind": "health", "name": "公园处", "name_en": "Parks",
        "credit_code": credit_code(first="11330106"), "region": region.pk,
        "parent": "", "phone": "0571-12345",
    }  # fmt: skip
    bad = client.post(
        reverse("admin:security_department_add"), {**given, "credit_code": "11330106"}
    )
    assert bad.status_code == 200 and "18 characters" in bad.content.decode()
    assert client.post(reverse("admin:security_department_add"), given).status_code == 302
    parks = Department.objects.get(code="330106-parks")
    assert parks.path == "330106-parks/"
    closes_first = {**given, "hours": "12:00-9:00", "is_active": "on"}
    late = client.post(
        reverse("admin:security_department_change", args=[parks.pk]), closes_first
    ).content.decode()
    assert "The end comes after the beginning." in late
    top = make_department("government")
    where = {"address": "文一路 1 号", "address_en": "1 Wenyi Road", "hours": "9:00-12:00"}
    more = {**given, **where, "name": "公园管理处", "parent": top.pk, "is_active": "on"}
    assert (
        client.post(reverse("admin:security_department_change", args=[parks.pk]), more).status_code
        == 302
    )
    parks.refresh_from_db()
    assert (parks.name, parks.path) == ("公园管理处", f"{top.path}330106-parks/")
    assert {name: getattr(parks, name) for name in where} == where
    circle = client.post(
        reverse("admin:security_department_change", args=[top.pk]),
        {**given, "kind": "government", "parent": parks.pk, "is_active": "on"},
    )
    assert circle.status_code == 200 and "below itself" in circle.content.decode()
    entry = AuditEntry.objects.get(verb="department.change")
    assert entry.before["name"] == "公园处" and entry.after["name"] == "公园管理处"


def test_regions_posts_and_firms_are_made(client, root):
    city = make_region("330100")
    given = {
        "code": "330199", "name": "新区", "name_en": "New District", "level": 3, "parent": city.pk,
        "valid_from": "2026-01-01",
    }  # fmt: skip
    assert client.post(reverse("admin:security_region_add"), given).status_code == 302
    assert Region.objects.get(code="330199").path == f"{city.path}330199/"
    bob = make_official("bob")
    post = {
        "user": bob.pk, "department": make_department("economy").pk,
        "title": "科长", "title_en": "",
        "valid_from": "2026-01-01", "groups": [bob.posts.get().groups.get().pk],
    }  # fmt: skip
    assert client.post(reverse("admin:security_post_add"), post).status_code == 302
    assert Post.objects.filter(user=bob).count() == 2
    assert AuditEntry.objects.filter(verb="admin.relate").exists()
    code = credit_code()
    wrong = client.post(
        reverse("admin:security_firm_add"), {"name": "公司", "credit_code": code[:-1] + "0"}
    )
    assert wrong.status_code == 200
    assert (
        client.post(
            reverse("admin:security_firm_add"), {"name": "公司", "credit_code": code}
        ).status_code
        == 302
    )
    firm = Firm.objects.get(name="公司")
    assert firm.credit_code == code
    page = client.get(reverse("admin:security_firm_change", args=[firm.pk])).content.decode()
    assert code not in page and code[:4] in page


def test_auditors_read_the_trail_and_nothing_else(client):
    entry = record_audit(actor=MAKER, verb="x", obj=make_department())
    sign_in(client, make_auditor())
    url = reverse("admin:security_auditentry_change", args=[entry.pk])
    assert client.get(reverse("admin:security_auditentry_changelist")).status_code == 200
    assert client.get(url).status_code == 200
    assert client.post(url, {"verb": "nothing"}).status_code == 403
    assert client.get(reverse("admin:security_department_add")).status_code == 403


def test_the_admins_own_login_is_no_second_door(client):
    make_admin()
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")
    answer = client.post(
        "/admin/login/", {"username": "root", "password": "correct-horse-battery-9"}
    )
    assert answer.status_code == 302 and "_auth_user_id" not in client.session
    sign_in(client, make_citizen("alice"))
    assert client.get("/admin/").status_code in {302, 403}
