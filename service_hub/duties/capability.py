"""The manifest section "duties": checked in itself, published as what firms find at their
deadlines.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.capabilities.rules import check
from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import Section, entries, register_section
from security.actors import Actor
from service_hub.benefits.facts import FIELDS

from .schema import Duty
from .services import publish_duties


def check_duties(manifest, duties: list[Duty]) -> Iterator[tuple[str, str]]:
    """Rules over facts that the register does not have, and duties that nobody could fulfil, as
    (path, message).
    """
    for index, duty in enumerate(duties):
        if duty.firms is not None:
            for problem in check(duty.firms, FIELDS):
                yield f"[{index}].firms", problem.message
        if duty.when.kind == "validity" and duty.service is None:
            yield f"[{index}].service", _("Say which service renews the certificate.")
        if duty.service is None and not duty.may_mark:
            message = _("Without a service, members must be able to say that it is done.")
            yield f"[{index}].may_mark", message
        if "enterprise" not in manifest.ends:
            message = _("The N-app does not serve the end “%(end)s”.")
            yield f"[{index}].key", message % {"end": "enterprise"}


def publish(napp_version, duties: list[Duty]) -> None:
    publish_duties(actor=Actor.system("publication"), napp_version=napp_version, duties=duties)


register_section(Section(key="duties", model=entries(Duty), check=check_duties, publish=publish))
register_wording("duties", gettext_lazy("Duties of firms"))
