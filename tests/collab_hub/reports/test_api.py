"""Reports for programs: the dictionary, what is known and asked, submitting, the sums."""

import pytest

from tests.factories import make_citizen, make_official

from ..calls import ok, pages, post, queries, wrong
from .makers import World

REPORTS = "/api/v1/reports/"
FILLINGS = f"{REPORTS}fillings/"


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def campaign(world):
    world.field("beds")
    world.field("icu", unit="")
    return world.start(world.template("month", ["beds", "icu"], [("[icu] <= [beds]", {
        "zh": "重症床位不超过床位总数", "en": "Not more than beds"})]))  # fmt: skip


def at(filling, what: str = "") -> str:
    return f"{FILLINGS}{filling.pk}/{what}"


def test_the_dictionary_is_read_by_every_official(api, world, campaign):
    client = api(world.people[0])
    (entry,) = ok(client.get(f"{REPORTS}fields/", {"q": "bed"}))["results"]
    assert entry["code"] == "beds" and entry["owner"]["code"] == world.city.code
    terms = entry["versions"][0]
    assert (terms["kind"], terms["aggregation"], terms["source"]) == ("number", "sum", "manual")
    codes = [one["code"] for page in pages(client, f"{REPORTS}fields/") for one in page]
    assert codes == ["beds", "icu"]


def test_an_organ_fills_in_what_is_asked(api, world, campaign):
    client = api(world.people[0])
    (line,) = ok(client.get(FILLINGS))["results"]
    filling = world.filling(campaign)
    assert line["id"] == str(filling.pk) and line["version"] == 1
    body = ok(client.get(at(filling)))
    assert [one["code"] for one in body["asked"]] == ["beds", "icu"] and body["may_fill"]
    kept = {"version": 1, "values": {"beds": "many"}}
    assert ok(client.put(at(filling), kept, format="json"))["draft"] == {"beds": "many"}
    # Somebody who has not seen the draft neither overwrites it nor submits over it.
    assert client.put(at(filling), kept, format="json").status_code == 409
    values = {"beds": "200", "icu": "12"}
    stale = post(client, at(filling, "submit/"), {"version": 1, "values": values})
    assert stale.status_code == 409 and stale.json()["by"]
    said = {"version": 2, "values": {"beds": "many"}}
    assert wrong(post(client, at(filling, "submit/"), said), 422) == {"beds", "icu"}
    across = {"version": 2, "values": {"beds": "1", "icu": "12"}}
    assert wrong(post(client, at(filling, "submit/"), across), 422) == {""}
    said = {"version": 2, "values": values}
    for _again in range(2):
        done = ok(post(client, at(filling, "submit/"), said, key="k"))
    assert done["filling"]["state"] == "submitted" and not done["asked"] and not done["may_fill"]
    assert [one["text"] for one in done["known"]] == ["200", "12"]
    assert campaign.number in done["known"][0]["source"]
    assert ok(client.get(FILLINGS))["results"] == []


def test_what_another_report_brought_is_known_with_its_source(api, world, campaign):
    filling = world.filling(campaign)
    other = world.start(world.template("other", ["beds"]))
    client = api(world.people[0])
    said = {"version": 1, "values": {"beds": "300"}}
    ok(post(client, at(world.filling(other), "submit/"), said))
    body = ok(client.get(at(filling)))
    assert [one["code"] for one in body["asked"]] == ["icu"]
    (known,) = body["known"]
    assert (known["code"], known["text"], known["origin"]) == ("beds", "300", "filled")
    assert other.number in known["source"]
    said = {"version": 1, "values": {"beds": "1", "icu": "3"}}
    done = ok(post(client, at(filling, "submit/"), said))
    assert done["taken_over"] == ["beds"] and done["known"][0]["text"] == "300"


def test_a_sum_names_whom_it_lacks(api, world, campaign):
    said = {"version": 1, "values": {"beds": "1,200", "icu": "12"}}
    ok(post(api(world.people[0]), at(world.filling(campaign), "submit/"), said))
    body = ok(api(world.clerk).get(f"{REPORTS}{campaign.pk}/"))
    total = body["rows"][0]
    assert total["is_total"] and (total["asked"], total["done"]) == (3, 1)
    assert total["figures"][0]["text"] == "1,200" and len(total["figures"][0]["missing"]) == 2
    assert [one["code"] for one in body["columns"]] == ["beds", "icu"]
    # An organ on the way sees its own region only.
    own = ok(api(world.people[0]).get(f"{REPORTS}{campaign.pk}/"))
    assert own["region"] == world.organs[0].region.code
    elsewhere = {"region": world.organs[1].region.code}
    again = ok(api(world.people[0]).get(f"{REPORTS}{campaign.pk}/", elsewhere))
    assert again["region"] == own["region"]


def test_nobody_else_sees_anything(api, world, campaign):
    filling = world.filling(campaign)
    stranger = make_official("mallory", kind="market", region="330302")
    client = api(stranger)
    assert ok(client.get(REPORTS))["results"] == ok(client.get(FILLINGS))["results"] == []
    said = {"version": 1, "values": {}}
    for answer in (client.get(at(filling)), client.get(f"{REPORTS}{campaign.pk}/"),
                   post(client, at(filling, "submit/"), said)):  # fmt: skip
        assert answer.status_code == 404
    # A sister organ reads nothing of it; the city, which collects, reads and does not fill in.
    assert api(world.people[1]).get(at(filling)).status_code == 404
    assert not ok(api(make_official("m2", department=world.city)).get(at(filling)))["asked"] == []
    assert api(make_citizen("dave")).get(REPORTS).status_code == 403
    assert api(None).get(REPORTS).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "version"), ({"version": -1, "values": {}}, "version"),
     ({"version": 1, "values": []}, "values"), ({"version": 1, "values": {"beds": ["1"]}},
      "values.beds"), ({"version": 1, "values": {"beds": "1" * 601}}, "values.beds")],
)  # fmt: skip
def test_a_body_that_is_not_understood_is_named(api, world, campaign, body, field):
    answer = post(api(world.people[0]), at(world.filling(campaign), "submit/"), body)
    assert field in wrong(answer, 400)


def test_lists_take_the_same_number_of_queries(api, world, campaign):
    client = api(world.people[0])
    paths = [REPORTS, FILLINGS, f"{REPORTS}fields/"]
    few = [queries(client, path) for path in paths]
    for number in (1, 2):
        world.field(f"more{number}")
        world.start(world.template(f"t{number}", [f"more{number}"]))
    assert [queries(client, path) for path in paths] == few
    assert len(ok(client.get(FILLINGS))["results"]) == 3
