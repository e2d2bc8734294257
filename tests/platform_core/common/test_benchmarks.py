"""The machinery of the benchmarks. How fast things are is for `./gov bench` to say."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from collab_hub import benchmarks as office
from platform_core.capabilities.process.models import ProcessEvent, Task
from platform_core.common.benchmarks import Benchmark, Call, NothingToMeasure, benchmarks
from platform_core.common.benchmarks.load import Load, WrongAnswer, send_all
from platform_core.common.benchmarks.processes import cpu_seconds, listeners
from platform_core.common.benchmarks.replay import replay
from platform_core.common.benchmarks.run import Result, table
from tests.factories import make_official
from tests.platform_core.capabilities.process.makers import make_napp, start


@pytest.fixture
def server():
    """A web server on loopback, 200 for /yes and 404 otherwise; gives port and asked paths."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            seen.append(self.path)
            self.send_response(200 if self.path.startswith("/yes") else 404)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd.server_address[1], seen
    httpd.shutdown()
    httpd.server_close()


def test_every_call_is_sent_once(server):
    port, seen = server
    load = send_all("127.0.0.1", port, [Call("GET", f"/yes/{n}") for n in range(50)], 4)
    assert sorted(seen) == sorted(f"/yes/{n}" for n in range(50))
    assert load.count == 50 and load.rate > 0
    assert 0 < load.median_ms <= load.p95_ms


def test_a_wrong_answer_stops_the_run(server):
    port, _seen = server
    with pytest.raises(WrongAnswer, match="404"):
        send_all("127.0.0.1", port, [Call("GET", "/yes"), Call("GET", "/no")], 2)


def test_processor_time_is_that_of_the_listener(server):
    port, _seen = server
    assert os.getpid() in listeners(port)
    before = cpu_seconds([os.getpid()])
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass
    assert cpu_seconds([os.getpid()]) - before >= 0.15
    assert cpu_seconds([2**30]) == 0


def test_the_requests_of_the_main_job_and_the_booking_desk_are_measured():
    assert [one.name for one in benchmarks()] == [
        "file_case",
        "complete_step",
        "open_inbox",
        "track_case",
        "book_appointment",
    ]


def test_the_table_compares_with_the_yardstick_and_the_sql():
    fast = Load(10, 1.0, (0.002,) * 10)
    slow = Load(10, 5.0, (0.02,) * 10)
    shown = table([Result("Least", fast, fast, 2.0), Result("Page", slow, slow, 8.0)], 4)
    page = shown.splitlines()[-1].split()
    assert page[:6] == ["Page", "2", "0.20", "20.0", "20.0", "8.0"]
    assert page[6] == "4.0"


def test_a_server_elsewhere_is_refused():
    for url in ("http://example.org:80", "http://127.0.0.1"):
        with pytest.raises(CommandError, match="this machine"):
            call_command("bench", url=url)
    with pytest.raises(CommandError, match="unknown"):
        call_command("bench", "nonsense", url="http://127.0.0.1:1")


@pytest.mark.django_db(transaction=True)
def test_the_sql_of_steps_is_replayed_for_real():
    make_official("alice", kind="market", duties=["clerk"])
    make_official("carol", kind="market", duties=["reviewer"])
    version = make_napp()
    for number in range(3):
        start(version, subject_id=str(number))
    calls = office.complete_step(3)
    benchmark = Benchmark("complete_step", "Steps", 1, office.complete_step, writes=True)
    result = replay(benchmark, calls, "127.0.0.1")
    assert 8 <= result.statements <= 60 and result.ms > 0
    assert Task.objects.filter(node="accept", state="done").count() == 3
    assert Task.objects.filter(node="decide", state="open").count() == 3
    assert ProcessEvent.objects.filter(kind="approved").count() == 3


@pytest.mark.django_db
def test_an_empty_office_has_nothing_to_measure():
    with pytest.raises(NothingToMeasure):
        office.complete_step(1)


def test_a_computation_says_what_it_found_without_a_server(capsys):
    call_command("bench", "rules_twins", "--cases", "1500")
    said = capsys.readouterr().out
    assert "cases: 1,500" in said and "disagreements: 0" in said
    assert said.count("cases/s") == 2
