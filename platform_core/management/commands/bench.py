import logging
import os
from contextlib import nullcontext
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from platform_core.common.benchmarks import benchmarks, computations
from platform_core.common.benchmarks.load import WrongAnswer
from platform_core.common.benchmarks.run import Size, run, table
from platform_core.common.benchmarks.servers import HOST, NotStarted, serving

NOTES = """
req/s: with several connections. median, p95: one connection. CPU ms: of the web server's processes
per request. queries: statements per request. SQL ms: the same statements through plain psycopg2 on
one connection; x SQL: the request's median against them. Medians on a shared machine vary by 20 %.
"""


class Command(BaseCommand):
    help = (
        "Measures the main requests against the web server at BENCH_URL, or one of its own."
        " It files cases and completes steps: run it on a database whose data do not matter."
    )

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help="benchmarks to run; all when none is given")
        parser.add_argument(
            "--url", default=os.environ.get("BENCH_URL", ""), help="a running server"
        )
        parser.add_argument("--alone", type=int, default=Size.alone)
        parser.add_argument("--together", type=int, default=Size.together)
        parser.add_argument("--threads", type=int, default=Size.threads)
        parser.add_argument("--cases", type=int, help="the size of computations, if not their own")

    def handle(self, *, names, url, alone, together, threads, cases, **options):
        known = {one.name for one in [*benchmarks(), *computations()]}
        if set(names) - known:
            raise CommandError(
                f"unknown: {', '.join(set(names) - known)}. Known: {', '.join(known)}."
            )
        chosen = set(names) or known
        if chosen & {one.name for one in benchmarks()}:
            self.measure_requests(chosen, url, alone, together, threads)
        for computation in computations():
            if computation.name in chosen:
                self.say(computation.title)
                found = computation.measure(cases or computation.size)
                lines = [f"  {what}: {figure}" for what, figure in found.items()]
                self.stdout.write("\n".join([computation.title, *lines, ""]))

    def measure_requests(self, names: set[str], url: str, alone: int, together: int, threads: int):
        size = Size(alone=max(1, alone), together=max(1, together), threads=max(1, threads))
        own = serving("platform_core.wsgi:application", "/healthz")
        server = nullcontext(self.port_of(url)) if url else own
        # Requests recorded in this process would fill the screen with their log lines.
        logging.disable(logging.ERROR)
        try:
            with server as port:
                results = run(port, size, names, self.say)
        except (WrongAnswer, NotStarted) as error:
            raise CommandError(str(error)) from None
        finally:
            logging.disable(logging.NOTSET)
        self.stdout.write("\n" + table(results, size.threads) + "\n" + NOTES)

    def port_of(self, url: str) -> int:
        parts = urlsplit(url)
        if parts.hostname not in {HOST, "localhost"} or not parts.port:
            raise CommandError(
                "The server must listen on this machine: its processor time is read."
            )
        return parts.port

    def say(self, words: str) -> None:
        self.stdout.write(f"… {words}")
        self.stdout.flush()
