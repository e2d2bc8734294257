"""What stands between a draft and its registration, all mistakes at once."""

from django.utils.translation import gettext as _

from ..examining import sound_manifest
from ..history import history_problems
from ..manifest import ManifestInvalid
from ..models import NApp
from ..problems import CORE, Problem, version_taken
from ..selectors import version_of


def problems_of(napp: NApp, content) -> list[Problem]:
    """Everything wrong with `content` as the next version of `napp`; empty when it is sound."""
    if not isinstance(content, dict) or content.get("slug") != napp.slug:
        message = _("The slug stays “%(slug)s”: it names the N-app.") % {"slug": napp.slug}
        own = [Problem(CORE, None, "slug", message)]
    else:
        own = []
    try:
        sound = sound_manifest(content)
    except ManifestInvalid as error:
        return own + error.problems
    known = version_of(napp, sound.version)
    if known and known.digest != sound.digest:
        own.append(version_taken(sound.version))
    return own + history_problems(napp, sound)
