"""Sample data: a life event that somebody has sent."""

from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.selectors import plain_values
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from service_hub import sample_answers

from . import selectors, services
from .models import BundleCase

WHO, PLACE = "wangwei", "330106"
NEWBORN, COVER = "household/newborn", "medical_insurance/newborn_cover"


@register_sample("life events", order=62)
def a_baby_is_born() -> str:
    """One family has sent everything for their newborn; nothing when something was sent already."""
    user = User.objects.filter(username=WHO).first()
    bundle = selectors.open_bundles("public").filter(key="newborn").first()
    if user is None or bundle is None or BundleCase.objects.exists():
        return "0 added"
    actor = Actor.of(user)
    draft = services.begin_bundle(actor=actor, bundle=bundle, items=[COVER])
    composition = selectors.composition_of(draft)
    answers = {
        NEWBORN: sample_answers.answers_for("newborn", actor, PLACE),
        COVER: {"pay": "family"},
    }
    values = plain_values(draft) | composition.values_from(answers)
    for page in composition.form.pages:
        form_services.save_page(
            actor=actor,
            draft=draft,
            page=page.key,
            values={one.key: values[one.key] for one in page.fields if one.key in values},
        )
    try:
        services.send_bundle(actor=actor, draft=draft)
    except (Conflict, Unusable):
        return "0 added"
    return "1 added"
