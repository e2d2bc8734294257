"""A case that was taken in at a window, for somebody without an account."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.identifiers import citizen_check_char
from security.organs.selectors import active_posts
from service_hub.items.selectors import open_items

from .models import Intake
from .services import Person, begin_intake, send_intake

CLERK, PLACE = "xihu-clerk", "330106"
# Of nobody: the area 330113 began in 2021, so no one born before carries it.
FIRST17 = "33011319580312042"
ANSWERS = {
    "mobile": "13800007788",
    "area": PLACE,
    "kind": "living",
    "province": "上海市",
    "promise": True,
}


@register_sample("window intake", order=61)
def taken_in_at_a_window() -> str:
    """Nothing when something was taken in already."""
    item = open_items().filter(napp__slug="medical_insurance", key="elsewhere").first()
    clerk = User.objects.filter(username=CLERK).first()
    if item is None or clerk is None or Intake.objects.exists():
        return "0 added"
    posts = active_posts(clerk)
    actor = Actor.of(clerk, post=posts[0] if posts else None)
    at = timezone.now() - timedelta(minutes=25)
    person = Person(
        name="吴桂芬",
        citizen_number=FIRST17 + citizen_check_char(FIRST17),
        mobile=ANSWERS["mobile"],
    )
    with transaction.atomic():
        intake = begin_intake(
            actor=actor, item=item, person=person, channel="window", window="3 号窗口", at=at
        )
        today = timezone.localdate().isoformat()
        values = forms.plain_values(intake.draft) | ANSWERS | {"from_on": today}
        for page in forms.form_of(intake.draft).pages:
            form_services.save_page(actor=actor, draft=intake.draft, page=page.key, values=values)
        send_intake(actor=actor, intake=intake, draft=intake.draft, at=at)
    return "1 added"
