from django.core.management.base import BaseCommand, CommandError

from platform_core.napps.folders import sync_folders
from security.actors import Actor


class Command(BaseCommand):
    help = (
        "Registers the N-apps that lie in folders; new ones are drafts until somebody opens them."
    )

    def handle(self, *args, **options):
        done = sync_folders(actor=Actor.system("sync_napps"))
        for word in ("added", "changed", "missing"):
            for slug in getattr(done, word):
                self.stdout.write(f"{word} {slug}")
        for folder, problems in done.refused.items():
            self.stderr.write(f"refused {folder}")
            for problem in problems:
                self.stderr.write(f"  {problem}")
        if done.refused:
            raise CommandError(f"{len(done.refused)} N-apps cannot be registered")
