from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from platform_core.napps.selectors import exported, napp_by_slug


class Command(BaseCommand):
    help = "Writes an N-app's current manifest as a folder that can be put below apps/."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("directory", help="where the folder <slug>/ is made")

    def handle(self, *args, slug, directory, **options):
        napp = napp_by_slug(slug)
        if napp is None or napp.current is None:
            raise CommandError(f"there is no N-app {slug}")
        folder = Path(directory) / slug
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / "manifest.json"
        target.write_text(exported(napp.current), encoding="utf-8")
        self.stdout.write(str(target))
