"""Counts every published figure of the board a second time, by other means, and compares."""

from django.core.management.base import BaseCommand, CommandError

from service_hub.evaluations.board import chosen
from service_hub.evaluations.recount import differences


class Command(BaseCommand):
    help = "Recounts the public figures by independent SQL and says what differs."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", default="", help="first month, YYYY-MM")
        parser.add_argument("--to", dest="last", default="", help="last month, YYYY-MM")

    def handle(self, *args, first: str, last: str, **options):
        filters, _by = chosen({"from": first, "to": last})
        found = differences(filters)
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{filters.first:%Y-%m} to {filters.until}: every figure is the same.")
