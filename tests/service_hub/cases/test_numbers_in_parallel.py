"""Fifty people press Send at the same moment: fifty numbers without a gap."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from platform_core.common.errors import Unusable
from service_hub.cases import services
from service_hub.cases.models import Case, CaseSerial
from tests.factories import actor_of, make_citizen, make_department
from tests.service_hub.makers import elsewhere_values, item_of

PEOPLE, THREADS = 50, 10


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_filings_get_fifty_numbers_without_a_gap():
    alice = make_citizen("alice")
    item, values = item_of("medical_insurance", "elsewhere"), elsewhere_values(alice)
    make_department("medical_insurance")
    start = threading.Barrier(THREADS)

    def file(number: int) -> str:
        if number < THREADS:
            start.wait(timeout=30)
        try:
            # Every fifth is refused after its number was taken, so that it must give it back.
            wrong = {"item": item, "values": values | {"citizen_number": "1"}}
            if number % 5 == 0:
                with pytest.raises(Unusable):
                    services.file_values(actor=actor_of(alice), **wrong)
            return services.file_values(actor=actor_of(alice), item=item, values=values).case.number
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        numbers = list(pool.map(file, range(PEOPLE)))
    assert sorted(int(number[39:]) for number in numbers) == list(range(1, PEOPLE + 1))
    assert Case.objects.count() == PEOPLE
    assert CaseSerial.objects.get().last == PEOPLE
