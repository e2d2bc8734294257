"""Cases on a unit's dashboard: counted by their item, opened by whoever may read them."""

import re

import pytest

from platform_core.common.subjects import item_source
from security.organs.models import Department, Post
from service_hub.items.models import ServiceItem
from tests.factories import make_citizen, make_department, make_official, sign_in
from tests.service_hub.makers import do, file_elsewhere, make_office

pytestmark = pytest.mark.django_db
PAGE = "/office/dashboard/"


def page_for(client, person, path: str) -> str:
    sign_in(client, person)
    answer = client.get(path.replace("&amp;", "&"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_head_above_comes_from_the_item_of_a_unit_below_to_its_cases(client):
    client.cookies["gov_language"] = "en"
    office = make_office("medical_insurance")
    above = make_department("government")
    below = office["clerk"].posts.first().department
    Department.objects.filter(pk=below.pk).update(parent=above, path=f"{above.path}{below.code}/")
    leader = make_official("lin", department=above)
    Post.objects.filter(user=leader).update(is_head=True)
    case = do(file_elsewhere(make_citizen("alice")))
    item = ServiceItem.objects.get(pk=case.item_id)
    assert item_source().titles([item.pk]) == {item.pk: item.title}
    found = page_for(client, leader, PAGE)
    title, link = item.title["en"], rf'href="({PAGE}list/[^"]+service=item.{item.pk}[^"]*)"'
    assert title in found
    listed = page_for(client, leader, re.search(link, found)[1])
    assert f"/office/cases/{case.pk}/" in listed and "/office/tasks/" not in listed
    # A colleague of the unit who has nothing to do with the case reads that there is one.
    stranger = make_official("eve", department=below, duties=())
    listed = page_for(client, stranger, f"{PAGE}list/?what=finished")
    assert 'data-total="0"' not in listed and "/office/cases/" + str(case.pk) not in listed
