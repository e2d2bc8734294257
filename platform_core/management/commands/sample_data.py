from django.core.management.base import BaseCommand

from platform_core.common.samples import sample_steps


class Command(BaseCommand):
    help = "Makes every platform's sample data by its own services; a second run adds nothing."

    def handle(self, *args, **options):
        for name, step in sample_steps():
            said = step()
            if said:
                self.stdout.write(f"{name}: {said}")
