"""What a guide page needs to know about one service for one reader."""

from django.utils.translation import gettext as _

from platform_core.capabilities.forms import selectors as forms
from platform_core.napps.selectors import version_manifest
from security.organs.kinds import kind_title
from service_hub.booking.selectors import is_offered
from service_hub.catalogue.guides import element_rows, here
from service_hub.items.definitions import definition_of
from service_hub.items.schema import Service
from service_hub.items.selectors import is_suspended, takes_new_cases

SOURCES = {
    "shared": ("ok", "shield-check"),
    "upload": ("info", "upload"),
    "promise": ("ok", "check"),
}


def purpose_of(item) -> str:
    """What a draft of this item is for."""
    return f"item:{item.pk}"


def begun(item, actor, owner_key: str):
    """The unsent application for `item`: the person's, else one begun in this browser before
    signing in.
    """
    mine = forms.open_draft(actor.user, purpose_of(item), owner_key, actor.firm, actor.mandate)
    if mine or actor.user is None or actor.firm or actor.mandate:
        return mine
    return forms.open_draft(None, purpose_of(item), owner_key)


def guide_page(item, actor, owner_key: str, region=None) -> dict:
    """Item, facts, materials and what the reader can do now, as the organ responsible at `region`
    has published it.
    """
    local = here(item, region)
    definition = definition_of(item)
    for_person, for_firm = "person" in item.audience, "firm" in item.audience
    return {
        "item": item,
        "service": definition,
        "guide": definition.guide,
        "materials": materials(definition),
        "held": sum(1 for m in definition.guide.materials if m.source != "upload"),
        "organ_kind": kind_title(item.department_kind),
        "is_open": takes_new_cases(item) and not (local and local.notice),
        "local": local,
        "at": local or item,
        "elements": element_rows(local.version) if local else [],
        "conditions": (local and local.conditions) or definition.guide.conditions,
        "flow": (local and local.flow) or definition.guide.flow,
        "suspension": _suspension(item, local),
        "draft": begun(item, actor, owner_key),
        "for_person": for_person,
        "for_firm": for_firm,
        "pages": pages_of(item),
        "is_bookable": is_offered(item),
    }


def _suspension(item, local) -> dict | None:
    """Why and until when the service, or the organ here, takes no new cases."""
    if item.notice and is_suspended(item):
        return {"notice": item.notice, "until": item.suspended_until}
    if local and local.notice:
        return {"notice": local.notice, "until": local.version.item.suspended_until}
    return None


def materials(definition: Service) -> list[dict]:
    """The documents as `ui/docs.html` draws them."""
    words = {
        "shared": _("Nothing to add"),
        "upload": _("You add it"),
        "promise": _("A promise is enough"),
    }
    return [
        {
            "name": str(material.name),
            "note": str(material.how),
            "icon": SOURCES[material.source][1],
            "kind": SOURCES[material.source][0],
            "tag": words[material.source],
        }
        for material in definition.guide.materials
    ]


def pages_of(item) -> list:
    """The N-app's own pages of words that the public may read."""
    return [
        one
        for one in version_manifest(item.napp_version).section("pages")
        if one.kind == "text" and {"public", "enterprise"} & set(one.ends)
    ]
