"""Serials have no gaps and no doubles, whoever asks at the same time and whoever rolls back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from platform_core.capabilities.documents import serials
from platform_core.capabilities.documents.models import Document
from tests.factories import make_department

from .makers import issue


@pytest.mark.django_db(transaction=True)
def test_fifty_issues_at_once_have_fifty_consecutive_numbers():
    issuer = make_department("civil_affairs")

    def one(number: int) -> str:
        try:
            return issue(str(number), issuer=issuer).number
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(one, range(50)))
    year = made[0][4:8]
    assert sorted(made, key=len) and set(made) == {f"西政办〔{year}〕{n}号" for n in range(1, 51)}
    assert Document.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_an_issue_that_is_rolled_back_leaves_no_gap():
    first = issue("1").number
    with pytest.raises(RuntimeError), transaction.atomic():
        issue("2")
        raise RuntimeError
    second = issue("3").number
    assert (first[-2], second[-2]) == ("1", "2")


@pytest.mark.django_db
def test_every_name_counts_from_one():
    assert [serials.take("a"), serials.take("b"), serials.take("a")] == [1, 1, 2]
