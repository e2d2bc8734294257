"""The OpenAPI document knows every endpoint of the office, and no two parts of it by one name."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

AREAS = ("notices", "reports", "papers", "supervision", "trace")


@pytest.fixture
def document(db):
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        found = SchemaGenerator().get_schema(request=None, public=True)
    return found


def operations(document):
    for path, methods in document["paths"].items():
        if path.startswith(tuple(f"/api/v1/{area}/" for area in AREAS)):
            for method, operation in methods.items():
                yield path, method, operation


def test_every_area_is_described(document):
    found = list(operations(document))
    assert {tag for _path, _method, one in found for tag in one["tags"]} == set(AREAS)
    assert len({one["operationId"] for _path, _method, one in found}) == len(found) == 32
    for path, method, one in found:
        assert one["description"], path
        if method == "post":
            assert {"409", "422"} <= set(one["responses"]), path
            names = {parameter["name"] for parameter in one["parameters"]}
            assert "Idempotency-Key" in names or path.endswith("/notices/{notice_id}/read/"), path


def test_lists_say_how_their_pages_go_on(document):
    listed = document["paths"]["/api/v1/notices/"]["get"]
    assert {"cursor", "page_size", "view"} <= {one["name"] for one in listed["parameters"]}
    page = listed["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    properties = document["components"]["schemas"][page.rsplit("/", 1)[1]]["properties"]
    assert set(properties) == {"next", "results"}


def test_examples_are_drafts_that_would_be_taken(document):
    body = document["paths"]["/api/v1/notices/"]["post"]["requestBody"]["content"]
    (example,) = body["application/json"]["examples"].values()
    assert {"organ", "title", "body", "audience"} <= set(example["value"])


def test_no_two_parts_have_one_name(document):
    said = [str(one) for one in (*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache)]
    assert not [one for one in said if "identical names" in one]
