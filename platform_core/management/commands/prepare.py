"""Brings the database to the code: schema, N-apps and, for a demonstration, sample data."""

import time

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates, reads the N-apps and makes the sample data, in one process."
    # ./gov check makes them; here they would only delay the start.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_true", help="leave the sample data out")

    def handle(self, *, no_demo: bool = False, **options):
        steps = ["migrate", "load_regions", "sync_napps"] + ([] if no_demo else ["sample_data"])
        for step in steps:
            began = time.monotonic()
            extra = {"interactive": False} if step == "migrate" else {}
            call_command(step, verbosity=options["verbosity"], stdout=self.stdout, **extra)
            self.stdout.write(f"{step}: {time.monotonic() - began:.1f} s")
