import signal

from django.core.management.base import BaseCommand

from platform_core.common.outbox.relay import Relay


class Command(BaseCommand):
    help = "Hands outbox messages to the workers, in the foreground, until SIGTERM."

    def handle(self, *args, **options):
        relay = Relay()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: relay.stop())
        self.stdout.write("relay running")
        self.stdout.flush()
        relay.run()
        self.stdout.write("relay stopped")
