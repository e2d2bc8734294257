"""Verbs on N-apps through the groups of posts, without the traps of global and orphaned
permissions.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from guardian.shortcuts import assign_perm

from platform_core.napps.models import NApp
from security.access.grants import groups_with_verb, napp_verbs, rows_with_verb
from security.accounts.models import User
from security.organs.services import end_post
from tests.factories import MAKER, make_admin, make_citizen, make_official

pytestmark = pytest.mark.django_db


def make_napp(slug):
    return NApp.objects.create(
        slug=slug,
        title={"zh": slug, "en": slug},
        summary={"zh": "x", "en": "x"},
        icon="box",
        ends=["public"],
    )


@pytest.fixture
def clues():
    return make_napp("clues")


def test_a_role_of_a_post_opens_its_napp_only(clues):
    desk = Group.objects.create(name="napp:clues:desk")
    assign_perm("handle", desk, clues)
    bob = make_official("bob", groups=[desk])
    other = make_napp("other")
    assert napp_verbs(bob, clues) == {"handle"} and napp_verbs(bob, other) == set()
    assert list(rows_with_verb(bob, "handle", NApp.objects.all())) == [clues]
    assert list(rows_with_verb(bob, "manage", NApp.objects.all())) == []
    assert groups_with_verb(clues, "handle") == [desk]


def test_the_right_ends_with_the_post(clues):
    desk = Group.objects.create(name="napp:clues:desk")
    assign_perm("handle", desk, clues)
    bob = make_official("bob", groups=[desk])
    end_post(actor=MAKER, post=bob.posts.get(), on=timezone.localdate() - timedelta(days=1))
    assert napp_verbs(User.objects.get(pk=bob.pk), clues) == set()


def test_a_right_on_the_model_is_no_right_on_every_row(clues):
    bob = make_official("bob")
    bob.user_permissions.add(
        Permission.objects.get(codename="handle", content_type__app_label="platform_core")
    )
    assert napp_verbs(bob, clues) == set()
    assert not rows_with_verb(bob, "handle", NApp.objects.all()).exists()


def test_administrators_and_strangers_get_nothing_by_themselves(clues):
    assert napp_verbs(make_admin(), clues) == set()
    assert napp_verbs(make_citizen("alice"), clues) == set()
    assert napp_verbs(None, clues) == set()


def test_a_person_can_be_given_an_exception(clues):
    alice = make_citizen("alice")
    assign_perm("use", alice, clues)
    assert napp_verbs(alice, clues) == {"use"}
