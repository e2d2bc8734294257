"""What else happens when a case was taken in, and when its applicant gets an account."""

from django.dispatch import receiver

from platform_core.common.events import listen
from security.accounts.services import identity_verified

from .models import Intake
from .services import bind_to_account, link_case


@listen("case.filed")
def on_filed(*, case, party, actor, **_facts) -> None:
    if isinstance(party.source, Intake):
        link_case(actor=actor, intake=party.source, case=case)


@receiver(identity_verified)
def on_identity(sender, identity, actor, **_facts) -> None:
    bind_to_account(actor=actor, identity=identity)
