from django.core.management.base import BaseCommand

from security.actors import Actor
from security.organs.load_services import load_regions


class Command(BaseCommand):
    help = "Brings the packaged administrative divisions into the database; safe to repeat."

    def handle(self, *args, **options):
        added, changed = load_regions(actor=Actor.system("set-up"))
        self.stdout.write(f"regions: {added} added, {changed} changed")
