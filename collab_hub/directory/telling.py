"""What people are told about duties and rooms."""

from __future__ import annotations

from django.urls import reverse

from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import day as day_words
from security.actors import Actor

from .words import span_words

ABOUT_DUTY = frozenset({"roster", "organ", "who", "day", "time", "other_day"})
ABOUT_ROOM = frozenset({"room", "title", "who", "day", "time", "reason", "n"})

for key, title, body in (
    ("duty_changed", {"zh": "值班安排有变：{day}", "en": "Your duty has changed: {day}"},
     {"zh": "{roster} {day} {time} 的值班由{who}作了调整，请查看值班表。",
      "en": "{who} changed who is on duty on {day}, {time} ({roster}). See the roster."}),
    ("duty_swap_asked", {"zh": "{who}想与您换班", "en": "{who} asks you to swap duties"},
     {"zh": "{roster}：{who}希望用 {other_day} 的班换您 {day} {time} 的班，请在值班表中答复。",
      "en": "{roster}: {who} would take yours on {day}, {time}, for theirs on {other_day}. Answer"
      " on the roster."}),
    ("duty_swap_agreed", {"zh": "{who}同意换班", "en": "{who} agrees to the swap"},
     {"zh": "{roster}：换班已生效，您改值 {day} {time} 的班。",
      "en": "{roster}: it holds now. You have the duty on {day}, {time}."}),
    ("duty_swap_refused", {"zh": "{who}不同意换班", "en": "{who} does not agree to the swap"},
     {"zh": "{roster}：您 {day} {time} 的班仍由您值。",
      "en": "{roster}: you keep your duty on {day}, {time}."}),
):  # fmt: skip
    register_template(Template(key=key, title=title, body=body, names=ABOUT_DUTY))
register_template(
    Template(
        key="room_moved",
        title={"zh": "会议室预订已调整：{room}", "en": "Your booking of {room} was changed"},
        body={
            "zh": "{who}把“{title}”调整到 {day} {time}。",
            "en": "{who} moved “{title}” to {day}, {time}.",
        },
        names=ABOUT_ROOM,
    )
)
register_template(
    Template(
        key="room_cancelled",
        title={"zh": "会议室预订已取消：{room}", "en": "Your booking of {room} was cancelled"},
        body={
            "zh": "{who}取消了 {day} {time} 的“{title}”。原因：{reason}",
            "en": "{who} cancelled “{title}” on {day}, {time}. Reason: {reason}",
        },
        names=ABOUT_ROOM,
    )
)
register_template(
    Template(
        key="room_series_cancelled",
        title={"zh": "会议室预订已取消：{room}", "en": "Your bookings of {room} were cancelled"},
        body={
            "zh": "{who}取消了 {day} {time} 起的{n}次“{title}”。原因：{reason}",
            "en": "{who} cancelled “{title}” {n} times from {day}, {time}, on. Reason: {reason}",
        },
        names=ABOUT_ROOM,
    )
)


def tell(*, actor: Actor, person, template: str, roster, duty, dedupe: str, other=None) -> None:
    """A message to somebody about a duty; whoever has left is told nothing."""
    if not person.is_active:
        return
    values = {
        "roster": roster.name,
        "organ": in_both(lambda: organ_words(roster.department)),
        "who": actor.name,
        "day": in_both(lambda: day_words(duty.starts_at)),
        "time": span_words(duty.starts_at, duty.ends_at),
        "other_day": in_both(lambda: day_words(other.starts_at)) if other else "",
    }
    notify_by_template(
        actor=actor, recipient=person, template=template, values=values, dedupe=dedupe,
        link=reverse("directory:roster", args=[roster.pk]),
    )  # fmt: skip


def tell_booked(
    *, actor: Actor, booking, template: str, dedupe: str, reason: str = "", n: int = 1
) -> None:
    """A message to whoever booked a room, when somebody else changed it, or `n` of a repetition."""
    if not booking.person.is_active or booking.person == actor.user:
        return
    values = {
        "room": booking.room.name, "title": booking.title, "who": actor.name, "reason": reason,
        "n": n,
        "day": in_both(lambda: day_words(booking.starts_at)),
        "time": span_words(booking.starts_at, booking.ends_at),
    }  # fmt: skip
    notify_by_template(
        actor=actor, recipient=booking.person, template=template, values=values, dedupe=dedupe,
        link=reverse("directory:room", args=[booking.room_id]),
    )  # fmt: skip
