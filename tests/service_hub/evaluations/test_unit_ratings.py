"""What a dashboard is told of ratings: counted as on the board, listed to who may read them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.common.satisfaction import rating_source
from security.organs.models import Post
from service_hub.evaluations.models import Evaluation
from service_hub.evaluations.services import rate_case
from tests.factories import actor_of, make_citizen, make_official
from tests.service_hub.makers import do, file_elsewhere, make_office

pytestmark = pytest.mark.django_db


def test_ratings_are_counted_by_month_and_listed_with_their_cases():
    office, alice = make_office("medical_insurance"), make_citizen("alice", phone="13800002046")
    head = office["head"]
    Post.objects.filter(user=head).update(is_head=True)
    department = head.posts.first().department
    case = do(file_elsewhere(alice))
    rate_case(actor=actor_of(alice), case=case, service_no=1, grade=1, options=(), text="太慢了")
    rate_case(actor=actor_of(alice), case=case, service_no=2, grade=4, options=(), text="")
    source, today = rating_source(), timezone.localdate()
    span = [(department.pk,), today, today + timedelta(days=1)]
    found = source.counted(*span)
    assert sorted((one.grade, one.count) for one in found) == [(1, 1), (4, 1)]
    assert {one.month for one in found} == {today.replace(day=1)}
    assert not source.counted((department.pk,), today + timedelta(1), today + timedelta(2))
    rows, total, held = source.listed(head, *span, None, 0, 50)
    assert (total, held) == (2, 0)
    costs = []
    for grade in (4, None):  # one rating, then both
        with CaptureQueriesContext(connection) as queries:
            source.listed(head, *span, grade, 0, 50)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert {one.url for one in rows} == {f"/office/cases/{case.pk}/"}
    # Who was rated reads no single rating while the month runs.
    rated = Evaluation.objects.get(grade=1)
    rated.officer = head
    rated.save()
    rows, total, held = source.listed(head, *span, None, 0, 50)
    assert ([one.grade for one in rows], total, held) == ([4], 1, 1)
    rated.is_excluded = True
    rated.save()
    assert [one.grade for one in source.counted(*span)] == [4]
    stranger = make_official(kind="education")
    assert {one.url for one in source.listed(stranger, *span, None, 0, 50)[0]} == {""}
    assert [one.is_good for one in source.grades()] == [True, True, True, False, False]
