"""The load generator: a few threads, one kept connection each. Standard library only."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from statistics import median

from . import Call

TIMEOUT = 30


class WrongAnswer(Exception):
    """The server answered something else than the benchmark expects, so its speed means nothing."""


@dataclass(frozen=True)
class Load:
    """What one round measured: `seconds` on the clock, and each request's own duration."""

    count: int
    seconds: float
    durations: tuple[float, ...]

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def median_ms(self) -> float:
        return median(self.durations) * 1000

    @property
    def p95_ms(self) -> float:
        return sorted(self.durations)[int(0.95 * (self.count - 1))] * 1000


def send_all(host: str, port: int, calls: list[Call], threads: int) -> Load:
    """Send every call once, in order, over `threads` connections. Raises WrongAnswer."""
    waiting, durations, errors = iter(calls), [], []
    lock = threading.Lock()

    def work():
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        try:
            while not errors:
                with lock:
                    call = next(waiting, None)
                if call is None:
                    return
                durations.append(send(connection, call))
        except Exception as error:  # handed to the caller, whatever it is
            errors.append(error)
        finally:
            connection.close()

    began = time.perf_counter()
    workers = [threading.Thread(target=work) for _number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    if errors:
        raise errors[0]
    return Load(len(durations), seconds, tuple(durations))


def send(connection: http.client.HTTPConnection, call: Call) -> float:
    """Send one call and read its whole answer; how long that took, in seconds."""
    began = time.perf_counter()
    connection.request(call.method, call.path, body=call.body or None, headers=call.headers)
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - began
    if answer.status not in call.expect:
        text = body[:300].decode(errors="replace")
        raise WrongAnswer(f"{call.method} {call.path}: {answer.status}, not {call.expect}: {text}")
    return took
