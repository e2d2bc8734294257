"""A family with a newborn, and the offices that handle what it sends."""

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.napps import services as napps
from platform_core.napps.models import NApp
from service_hub import sample_answers
from service_hub.bundles import selectors, services
from tests.factories import MAKER, actor_of, make_department, make_region
from tests.service_hub.makers import item_of, make_office, open_app, photo, today

PLACE = "330106"
REFUND, LICENCE = "employment/refund", "food_licence/licence"
COVER = "medical_insurance/newborn_cover"
CARD = "household/id_card"


def open_birth(slug: str = "birth", key: str = "newborn"):
    """The life event with the N-apps of its items and an office for each."""
    make_region("330106")
    make_department("police", "330106")
    make_department("medical_insurance", "330106")
    item_of("household", "newborn"), item_of("medical_insurance", "newborn_cover")
    open_app(slug)
    return selectors.bundle_for(slug, key)


def open_restart():
    """The life event of firms with the N-apps of its items, and the people of every office that has
    a step in them.
    """
    make_region(PLACE)
    for kind in ("economy", "health", "social_security", "market"):
        make_office(kind, PLACE)
    make_department("emergency_desk", PLACE)
    item_of("return_to_work", "resume"), item_of("employment", "refund")
    item_of("food_licence", "licence")
    open_app("restart")
    return selectors.bundle_for("restart", "resume")


def fill_restart(user, firm, draft):
    """Answer what the first pages have left open."""
    actor, parts = actor_of(user, firm), selectors.composition_of(draft)
    named = {"return_to_work/resume": "resume", REFUND: "refund", LICENCE: "licence"}
    given = {ref: sample_answers.answers_for(key, actor, PLACE) for ref, key in named.items()}
    values = parts.values_from(given) | forms.plain_values(draft)
    for page in parts.form.pages:
        mine = {one.key: values[one.key] for one in page.fields if one.key in values}
        form_services.save_page(actor=actor, draft=draft, page=page.key, values=mine)
    draft.refresh_from_db()
    return draft


def close(slug: str) -> None:
    napps.close_napp(actor=MAKER, napp=NApp.objects.get(slug=slug))


def answers(user) -> dict:
    """Answers to the whole form, by its keys."""
    return {
        "relation": "mother",
        "child_name": "林𠮷安",
        "child_sex": "f",
        "born_on": today(-10),
        "birth_paper": "V330123456",
        "area": "330106",
        "mobile": "13800002046",
        "address": "文一西路 969 号",
        "with_whom": "mother",
        "book_photo": photo(actor_of(user)),
        "pay": "family",
    }


def fill(user, draft, **changes):
    """Type everything into the pages of the draft."""
    values = forms.plain_values(draft) | answers(user) | changes
    for page in forms.form_of(draft).pages:
        mine = {one.key: values[one.key] for one in page.fields if values.get(one.key) is not None}
        form_services.save_page(actor=actor_of(user), draft=draft, page=page.key, values=mine)
    draft.refresh_from_db()
    return draft


def begun(user, bundle, items=(COVER,)):
    return services.begin_bundle(actor=actor_of(user), bundle=bundle, items=list(items))


def sent(user, bundle, items=(COVER,)):
    draft = fill(user, begun(user, bundle, items))
    return services.send_bundle(actor=actor_of(user), draft=draft)
