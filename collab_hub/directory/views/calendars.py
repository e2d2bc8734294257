"""The calendar: one's own or a team's, by month, week or list; as a file, by secret link."""

from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from collab_hub.office.access import office_page
from platform_core.common.calendars import Asked, calendar_sources, entries_of
from platform_core.common.limits import is_within
from platform_core.common.numbers import whole
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import WEEKDAYS_SHORT, moment
from security.organs.selectors import active_posts

from .. import duty_selectors, feeds, link_services, room_selectors, services
from ..calendar_pages import VIEWS, days, pages, weeks
from ..finding import day_or_none
from ..policies import is_inside
from ..words import span_words

A_DAY_IN_SECONDS = 24 * 3600
READ_A_DAY = 500
IN_A_CELL = 3


@require_safe
@office_page
def calendar(request):
    """Meetings, duties, rooms, absences and what is due; the choice stands in the address."""
    if not is_inside(request.user):
        raise Http404
    sent, today = request.GET, timezone.localdate()
    view = sent.get("view") if sent.get("view") in VIEWS else "list"
    shown = pages(view, day_or_none(sent.get("on", "")) or today)
    organs = {post.department_id: post.department for post in active_posts(request.user)}
    team = whole(sent.get("team", ""))
    team = team if team in organs else None
    sources = calendar_sources()
    keys = [one.key for one in sources if one.key in sent.getlist("show")]
    keys = keys or [one.key for one in sources]
    zone = duty_selectors.here()
    asked = Asked(request.user, shown.first, shown.last, zone, frozenset({team} if team else ()))
    found = days(shown, entries_of(asked, keys), zone, today)
    for one in found:
        one.entries = [_row(source, entry, one.on, zone) for source, entry in one.entries]
    context = {
        "view": view, "shown": shown, "today": today, "team": team, "weeks": weeks(found),
        "days": found if view == "week" else [one for one in found if one.entries],
        "weekdays": WEEKDAYS_SHORT, "most": IN_A_CELL, "tabs": _tabs(view, sent),
        "organs": [(key, organ_words(one)) for key, one in organs.items()],
        "sources": [(one, one.key in keys) for one in sources],
    }  # fmt: skip
    return render(request, "office/directory/calendar.html", context)


def _tabs(view: str, sent) -> list[dict]:
    titles = {"month": pgettext("calendar", "Month"), "week": pgettext("calendar", "Week"),
              "list": pgettext("calendar", "List")}  # fmt: skip
    kept = sent.copy()
    found = []
    for key in ("list", "week", "month"):
        kept["view"] = key
        found.append({"url": f"?{kept.urlencode()}", "label": titles[key], "current": key == view})
    return found


def _row(source, entry, on, zone) -> dict:
    """An entry as it stands on one day: what lasts for days says so on the days after the first."""
    begins = hours = ""
    if not entry.is_all_day:
        local = entry.starts.astimezone(zone)
        if local.date() == on:
            begins = f"{local:%H:%M}"
            is_point = entry.starts == entry.ends
            hours = begins if is_point else span_words(entry.starts, entry.ends)
        else:
            hours = _("until %(time)s") % {"time": moment(entry.ends)}
    return {"source": source, "entry": entry, "hours": hours, "begins": begins}


def _target(request, sent):
    """(roster, room) that a link is about: none of them for the person's own calendar."""
    if "roster" in sent:
        return duty_selectors.roster_for(request.user, whole(sent["roster"])), None
    if "room" in sent:
        return None, room_selectors.room_for(request.user, whole(sent["room"]))
    return None, None


@require_safe
@office_page
def subscribe(request):
    """The secret address of a calendar: shown to its owner, renewed, ended."""
    if not is_inside(request.user):
        raise Http404
    roster, room = _target(request, request.GET)
    link = feeds.link_of(request.user, roster, room)
    back = reverse("directory:calendar")
    if roster is not None:
        back = reverse("directory:roster", args=[roster.pk])
    if room is not None:
        back = reverse("directory:room", args=[room.pk])
    url = _public(link.token) if link else ""
    parts = urlsplit(url)
    context = {
        "roster": roster, "room": room, "link": link, "url": url, "back": back,
        "webcal": f"webcal://{parts.netloc}{parts.path}?{parts.query}" if url else "",
    }  # fmt: skip
    answer = render(request, "office/directory/subscribe.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _public(secret: str) -> str:
    """The secret stands in the query: that is what logs leave out."""
    path = reverse("calendar_feed")
    return urljoin(settings.SITE_URL, f"{path}?{urlencode({'key': secret})}")


@require_POST
@office_page
def link(request):
    """Make the secret address, another one, or end it."""
    if not is_inside(request.user):
        raise Http404
    roster, room = _target(request, request.POST)
    if request.POST.get("act") == "end":
        link_services.end_link(actor=request.actor, roster=roster, room=room)
        messages.success(request, _("The address no longer opens anything."))
    else:
        link_services.renew_link(actor=request.actor, roster=roster, room=room)
        messages.success(request, _("This is the new address. An earlier one has just ended."))
    query = {"roster": roster.pk} if roster else {"room": room.pk} if room else {}
    return redirect(f"{reverse('directory:subscribe')}?{urlencode(query)}")


@require_safe
@office_page
def calendar_file(request):
    """One's own calendar as a file."""
    if not is_inside(request.user):
        raise Http404
    services.note_export(actor=request.actor, what="calendar", label="own", rows=1)
    return calendar_answer(feeds.file_of(request.user), "calendar.ics")


@require_safe
def feed(request):
    """What calendar programs read: no session, only the secret."""
    secret = request.GET.get("key", "")
    if not is_within(f"calendar-feed:{secret[:100]}", READ_A_DAY, A_DAY_IN_SECONDS):
        return HttpResponse(status=429)
    return calendar_answer(feeds.file_behind(secret), "calendar.ics")


def calendar_answer(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
