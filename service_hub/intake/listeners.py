"""What else happens when a case was taken in, and when its applicant gets an account."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from platform_core.common.events import listen
from security.accounts.models import Identity

from .models import Intake
from .services import bind_to_account, link_case


@listen("case.filed")
def on_filed(*, case, party, **_facts) -> None:
    if isinstance(party.source, Intake):
        link_case(intake=party.source, case=case)


@receiver(post_save, sender=Identity)
def on_identity(sender, instance, created, raw=False, **_facts) -> None:
    if created and not raw:
        bind_to_account(identity=instance)
