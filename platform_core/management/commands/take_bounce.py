"""Takes a letter that came back, from standard input: a mail server is told to pipe there whatever
arrives at the sender's address.
"""

import sys

from django.core.management.base import BaseCommand

from platform_core.capabilities.notifications.returned import returned
from platform_core.capabilities.notifications.sending import bounce
from security.actors import Actor

MOST = 1024 * 1024


class Command(BaseCommand):
    help = "Reads one returned e-mail from standard input and notes whose address does not work."

    def handle(self, *args, **options):
        found = returned(sys.stdin.buffer.read(MOST))
        if found is None:
            self.stdout.write("no report of a failure for good")
            return
        reference, reason = found
        noted = bounce(actor=Actor.system("mail server"), reference=reference, reason=reason)
        self.stdout.write("noted" if noted else "not a letter of ours, or noted before")
