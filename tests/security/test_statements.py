"""What is compiled once gives what Django gives, whatever is filled in."""

import uuid
from datetime import date, timedelta

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone

from platform_core.common.outbox.models import OutboxMessage
from security.audit.models import AuditEntry
from security.organs.models import Post
from security.statements import Prepared, insert, update
from tests.factories import make_official

pytestmark = pytest.mark.django_db


def posts(user: int, day: date):
    held = Post.groups.through.objects.filter(post=OuterRef("pk")).order_by("group")
    return (
        Post.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=day), user=user, valid_from__lte=day
        )
        .select_related("department__region", "user")
        .annotate(held_groups=ArraySubquery(held.values("group")))
        .order_by("id")
    )


def shown(found):
    return [
        (post, post.department, post.department.region, post.user.name, post.held_groups)
        for post in found
    ]


def test_a_prepared_read_gives_what_the_queryset_gives_for_each_value():
    people = [make_official(duties=["clerk", "head"]) for _number in range(3)]
    today = timezone.localdate()
    read = Prepared(posts)
    for person in [*people, people[0]]:
        for day in (today, today - timedelta(days=40_000)):
            assert shown(read(user=person.pk, day=day)) == shown(posts(person.pk, day))


def test_joined_rows_and_annotations_cost_no_further_query(django_assert_num_queries):
    person = make_official()
    read = Prepared(posts)
    read(user=person.pk, day=timezone.localdate())
    with django_assert_num_queries(1):
        shown(read(user=person.pk, day=timezone.localdate()))


def test_lists_of_any_length_are_filled_in():
    people = [make_official() for _number in range(3)]
    read = Prepared(lambda users: Post.objects.filter(user__in=users).order_by("id"))
    for chosen in (people, people[:1], people[1:]):
        users = [person.pk for person in chosen]
        assert [post.user_id for post in read(users=users)] == users


def test_constants_of_the_queryset_stay_and_values_do_not_mix():
    make_official("anna", name="Anna")
    make_official("bert", name="Bert")
    read = Prepared(
        lambda name, username: Post.objects.filter(
            Q(user__name=name) | Q(user__username=username), is_head=False, department__is_active=1
        ).order_by("id")
    )
    assert [post.user.name for post in read(name="Anna", username="bert")] == ["Anna", "Bert"]
    assert [post.user.name for post in read(name="Bert", username="nobody")] == ["Bert"]


def test_a_value_that_never_reaches_the_text_is_refused():
    with pytest.raises(ValueError, match="not found"):
        Prepared(lambda user, other: Post.objects.filter(user=user))(user=1, other=2)


def test_a_yes_or_no_is_refused_because_it_changes_the_text():
    with pytest.raises(TypeError):
        Prepared(lambda is_head: Post.objects.filter(is_head=is_head))(is_head=True)


def test_inserted_rows_are_those_that_django_would_write():
    now = timezone.now()
    for number in (1, 2, 2):
        rows = [
            OutboxMessage(topic="t", key=uuid.uuid4().hex, payload={"n": n}, due_at=now)
            for n in range(number)
        ]
        insert(rows)
        assert all(row.pk for row in rows)
        for row in rows:
            kept = OutboxMessage.objects.get(pk=row.pk)
            assert (kept.key, kept.payload, kept.due_at) == (row.key, row.payload, now)
            assert kept.created_at


def test_defaults_of_the_database_stay_its_own():
    entry = AuditEntry(verb="test", object_type="x", object_id="1", before=None, after={"a": 1})
    insert([entry])
    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.verb, kept.after) == ("test", {"a": 1})
    assert kept.xact


def test_an_update_writes_the_named_fields_and_nothing_else():
    row = OutboxMessage(topic="t", key="k", payload={}, due_at=timezone.now())
    row.save()
    row.payload, row.last_error = {"b": [1]}, "not written"
    update(row, ["payload"])
    kept = OutboxMessage.objects.get(pk=row.pk)
    assert (kept.payload, kept.last_error) == ({"b": [1]}, "")
