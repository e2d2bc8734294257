"""Divisions, departments and posts."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from security.audit.models import AuditEntry
from security.identifiers import is_credit_code
from security.organs import selectors, services
from security.organs.divisions import divisions
from security.organs.kinds import KINDS
from security.organs.load_services import load_departments, load_regions
from security.organs.models import Department, Region
from tests.factories import MAKER, make_department, make_official, make_region

IN_2020, NOW = date(2020, 2, 9), date(2023, 6, 30)


def test_the_packaged_divisions_are_complete():
    listed = divisions()
    for day in (IN_2020, NOW):
        force = [d for d in listed if d.valid_from <= day and (not d.valid_to or d.valid_to > day)]
        assert [sum(d.level == level for d in force) for level in (1, 2, 3)] == [1, 11, 90]
    assert sum(d.level == 4 for d in listed) == 1387
    assert all(d.name_en for d in listed if d.level < 4)
    assert len({(d.code, d.valid_from) for d in listed}) == len(listed)


@pytest.mark.django_db
def test_loading_is_repeatable_and_puts_right_what_differs():
    added, changed = load_regions(actor=MAKER)
    assert (added, changed) == (1 + 11 + 92 + 1387, 0)
    assert load_regions(actor=MAKER) == (0, 0)
    Region.objects.filter(code="330106").update(name="错误")
    assert load_regions(actor=MAKER) == (0, 1)
    assert AuditEntry.objects.filter(verb="region.load").count() == 2


@pytest.mark.django_db
def test_hangzhou_before_and_after_its_change():
    load_regions(actor=MAKER)
    names = {
        day: set(
            selectors.regions_below(selectors.region_by_code("330100"), on=day).values_list(
                "name", flat=True
            )
        )
        for day in (IN_2020, date(2021, 4, 8), date(2021, 4, 9), NOW)
    }
    assert {"下城区", "江干区"} <= names[IN_2020] and "临平区" not in names[IN_2020]
    assert names[IN_2020] == names[date(2021, 4, 8)]
    assert {"临平区", "钱塘区"} <= names[date(2021, 4, 9)] and "下城区" not in names[
        date(2021, 4, 9)
    ]
    assert names[date(2021, 4, 9)] == names[NOW]
    assert selectors.region_by_code("330113", on=IN_2020) is None
    assert selectors.region_exists_between("330104", date(2020, 1, 1), NOW)
    assert not selectors.region_exists_between("330104", date(2021, 4, 9), NOW)
    town = selectors.region_by_code("330106109") or selectors.regions_below(make_region()).first()
    assert selectors.ancestor_region(town, 2).name == "杭州市"
    assert selectors.ancestor_region(town, 3).name == "西湖区"
    assert selectors.ancestor_region(town, 5) is None


@pytest.mark.django_db
def test_every_region_gets_its_organs_with_codes_that_check():
    load_regions(actor=MAKER)
    first = load_departments(actor=MAKER)
    assert first == Department.objects.count() == 102 * len(KINDS)
    assert load_departments(actor=MAKER) == 0
    codes = list(Department.objects.values_list("credit_code", flat=True))
    assert len(set(codes)) == len(codes) and all(map(is_credit_code, codes))
    health = selectors.department_for("health", make_region("330106"))
    assert (health.name, health.name_en) == ("西湖区卫生健康局", "Xihu District Health Bureau")
    assert health.parent.name == "西湖区人民政府" and health.parent.parent.name == "杭州市人民政府"
    assert health.phone == "0571-12345"


@pytest.mark.django_db
def test_the_nearest_organ_answers():
    city = make_department("housing", "330100")
    province = make_department("economy", "330000")
    region = make_region("330106")
    assert selectors.department_for("housing", region) == city
    assert selectors.department_for("economy", region) == province
    assert selectors.department_for("police", region) is None
    county = make_department("housing", "330106")
    assert selectors.department_for("housing", region) == county
    services.change_department(actor=MAKER, department=county, is_active=False)
    assert selectors.department_for("housing", region) == city
    assert selectors.department_for("housing", make_region("330302")) is None


@pytest.mark.django_db
def test_moving_a_department_moves_what_is_below():
    top, other = make_department("government"), make_department("government", "330110")
    middle = make_department("health", parent=top)
    leaf = make_department("hospital", parent=middle)
    services.change_department(actor=MAKER, department=middle, parent=other)
    leaf.refresh_from_db()
    assert leaf.path == f"{other.path}{middle.code}/{leaf.code}/"
    with pytest.raises(ValidationError, match="below itself"):
        services.change_department(actor=MAKER, department=middle, parent=leaf)


@pytest.mark.django_db
def test_posts_count_only_while_they_last(django_assert_num_queries):
    bob = make_official("bob", kind="health", duties=["clerk", "reviewer"])
    post = bob.posts.get()
    with django_assert_num_queries(1):
        held = selectors.active_posts(bob)
        assert held[0].department.region.name == "西湖区" and len(held[0].group_ids) == 2
        assert selectors.active_posts(bob) is held
    clerk = services.standing_group("clerk")
    assert selectors.users_holding([clerk], post.department) == [bob]
    services.end_post(actor=MAKER, post=post, on=timezone.localdate() - timedelta(days=1))
    bob = type(bob).objects.get(pk=bob.pk)
    assert selectors.active_posts(bob) == [] and selectors.group_ids(bob) == set()
    assert selectors.users_holding([clerk.pk], post.department) == []


@pytest.mark.django_db
def test_a_citizen_holds_no_posts():
    assert selectors.active_posts(None) == []


@pytest.mark.django_db
def test_an_organ_is_headed_from_above_too_the_nearest_first():
    top = make_department("government")
    office = make_department("market", code="office-2", parent=top)
    stalls = make_department("stalls", code="stalls-2", parent=office)
    mayor, chief = (make_official(department=one, duties=["head"]) for one in (top, office))
    for one in (mayor, chief):
        one.posts.update(is_head=True)
    make_official(department=office)
    assert selectors.heads_at(stalls) == [chief, mayor]
    assert selectors.heads_at(office, is_above=False) == [chief]
    assert selectors.heads_at(stalls, is_above=False) == []
    below = Department.objects.filter(selectors.headed(chief, "parent"))
    assert list(below) == [stalls] and selectors.headed_organs(chief) == [office]
    # What nobody holds any more, and what is no organ any more, gives nobody a right.
    chief.posts.update(valid_until=timezone.localdate() - timedelta(days=1))
    Department.objects.filter(pk=top.pk).update(is_active=False)
    for one in (mayor, chief):
        again = type(one).objects.get(pk=one.pk)
        assert selectors.organs_of(again) == selectors.headed_ids(again) == []
        assert not Department.objects.filter(selectors.headed(again, "parent")).exists()
    assert selectors.heads_at(stalls) == []
