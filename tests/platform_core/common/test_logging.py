"""One JSON line at the start and one at the end of a request, with one id and nothing personal."""

import io
import json
import logging

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed():
    """What the console handler would print, as parsed lines."""
    lines = io.StringIO()
    catcher = logging.StreamHandler(lines)
    catcher.setFormatter(logging.getLogger().handlers[0].formatter)
    logging.getLogger().addHandler(catcher)
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    logging.getLogger().removeHandler(catcher)


def test_start_and_end_carry_the_id_that_the_answer_names(client, printed):
    answer = client.get("/healthz")
    ids = {line["request_id"] for line in printed() if line["event"].startswith("request_")}
    assert ids == {answer["X-Request-ID"]}


def test_the_query_stays_out_of_the_log(client, printed):
    client.get("/healthz?q=11010519491231002X")
    assert printed()
    assert "11010519491231002X" not in json.dumps(printed())
