"""How the history of an N-app is read: its versions, publications and openings, all of them in the
audit trail (see platform_core/common/trace.py).
"""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from platform_core.common.numbers import whole
from platform_core.common.trace import Ref, Traceable, register_deeds, register_traceable
from security.access import visible_to
from security.access.policies import is_auditor

from .models import NApp

MOST = 20


def _napps(user):
    napps = NApp.objects.all()
    return napps if is_auditor(user) else visible_to(user, "manage", napps)


def found(user, text: str) -> list[Ref]:
    napps = _napps(user)
    if text:
        napps = napps.filter(slug__icontains=text) | napps.filter(title__zh__icontains=text)
    return [name(napp) for napp in napps.order_by("slug")[:MOST]]


def load(user, object_id: str) -> NApp:
    napp = _napps(user).filter(pk=whole(object_id)).first()
    if napp is None:
        raise Http404
    return napp


def name(napp: NApp) -> Ref:
    return Ref(str(napp.pk), napp.title, napp.slug)


register_traceable(
    Traceable(
        "napp",
        _("N-app"),
        "layout-grid",
        ("platform_core.napp",),
        find=found,
        load=load,
        name=name,
        objects=lambda napp: [("platform_core.napp", str(napp.pk))],
    )
)
register_deeds({
    "napp.register": _("Version registered"),
    "napp.switch_version": _("Version put into use"),
    "publication.asked": _("Publication asked for"),
    "publication.approved": _("Publication approved"),
    "publication.refused": _("Publication refused"),
})  # fmt: skip
