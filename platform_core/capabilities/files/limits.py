"""How large a file may be, and how much one person, visitor or address may send in a day."""

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.limits import is_within
from security.actors import Actor

from .kinds import Refused
from .selectors import sent_lately

FILES_A_DAY = 200
BYTES_A_DAY = 500 * 1024 * 1024
# A whole village may stand behind one address, and a script that throws its cookie away too.
FILES_A_DAY_FROM_AN_ADDRESS = 2000


def within_limits(upload, actor: Actor, owner_key: str) -> None:
    """Raises Refused with the limit that the upload would break."""
    if not upload.size:
        raise Refused(_("The file is empty."))
    if upload.size > settings.FILE_MAX_BYTES:
        raise Refused(
            _("The file has %(size)s; at most %(limit)s are accepted.")
            % {
                "size": filesizeformat(upload.size),
                "limit": filesizeformat(settings.FILE_MAX_BYTES),
            }
        )
    if actor.is_system:
        return
    owner_id = actor.user.pk if actor.user else None
    count, size = sent_lately(owner_id=owner_id, owner_key=owner_key)
    if count >= FILES_A_DAY:
        raise Refused(
            ngettext(
                "You can send %(n)d file a day.", "You can send %(n)d files a day.", FILES_A_DAY
            )
            % {"n": FILES_A_DAY}
        )
    if size + upload.size > BYTES_A_DAY:
        raise Refused(_("You can send %(limit)s a day.") % {"limit": filesizeformat(BYTES_A_DAY)})
    if actor.user is None and actor.ip and not _may_send_from(actor.ip):
        raise Refused(_("Too many files were sent from your network today. Sign in to send more."))


def _may_send_from(address: str) -> bool:
    key = f"files:{timezone.localdate()}:{address}"
    return is_within(key, FILES_A_DAY_FROM_AN_ADDRESS, 24 * 3600)
