"""Duty rosters: all of them, one with its month, its pattern, exceptions and swaps."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from platform_core.common.refusals import say_refused
from platform_core.common.templatetags.ui import day as day_words
from security.access import may
from security.organs.selectors import headed_ids, headed_organs, organs_of

from .. import (
    double_selectors,
    duty_selectors,
    duty_services,
    feeds,
    services,
    swap_services,
)
from ..double_selectors import roster_words
from ..finding import day_or_none
from ..forms import ExceptionForm, RosterForm, ShiftForm, SwapForm
from ..policies import is_inside
from ..words import GAPS, WEEKDAYS, span_words
from .calendars import calendar_answer

PAGE_SIZE = 30
LOOKED_AHEAD = 42


@require_safe
@office_page
def duty(request):
    """Who is on duty now in the rosters of the own organs and of the others; the gaps ahead."""
    if not is_inside(request.user):
        raise Http404
    view = request.GET.get("view") if request.GET.get("view") in ("all", "gaps") else "ours"
    context = {
        "view": view,
        "may_add": bool(headed_ids(request.user)),
        "tabs": _tabs(request, view),
    }
    if view == "gaps":
        found = duty_selectors.gaps_ahead(request.user)
        context["gaps"] = [_gap_row(roster, one) for roster, one in found]
    else:
        rosters = duty_selectors.rosters(request.user)
        if view == "ours":
            rosters = rosters.filter(department__in=organs_of(request.user))
        page = Paginator(rosters, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": duty_selectors.on_now_in(page.object_list)}
        context["unused"] = duty_selectors.unused(request.user) if view == "ours" else []
    return render(request, "office/directory/duty.html", context)


def _gap_row(roster, one) -> dict:
    return {
        "roster": roster, "duty": one, "hours": span_words(one.starts_at, one.ends_at),
        "why": GAPS[one.gap], "url": _month_url(roster, timezone.localdate(one.starts_at)),
    }  # fmt: skip


def _tabs(request, view: str) -> list[dict]:
    named = [("ours", pgettext("rosters", "Ours")), ("all", pgettext("rosters", "All organs"))]
    if headed_ids(request.user):
        named.append(("gaps", pgettext("rosters", "Gaps")))
    return [{"url": f"?view={key}", "label": words, "current": key == view} for key, words in named]


def _month_url(roster, on: date) -> str:
    return f"{reverse('directory:roster', args=[roster.pk])}?month={on:%Y-%m}#d{on:%Y%m%d}"


@require_safe
@office_page
def roster(request, roster_id):
    """A month of a roster."""
    found = duty_selectors.roster_for(request.user, roster_id)
    return render(request, "office/directory/roster.html", _month(request, found))


def _month(request, found) -> dict:
    today = timezone.localdate()
    first = day_or_none(f"{request.GET.get('month', '')}-01") or today.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1)
    plan = duty_selectors.plan_of(found, first, last)
    changes = duty_selectors.changes_of(found, first, last)
    now = timezone.now()
    keeps = may(request.user, "manage", found)
    ahead = [one for one in plan.duties if one.ends_at > now]
    twice = double_selectors.doubles(found, ahead)
    rows = [_row(request, found, plan, one, changes, now, keeps) for one in plan.duties]
    for row in rows:
        row["twice"] = [
            (roster_words(one.roster), span_words(one.other.starts_at, one.other.ends_at))
            for one in twice.get(row["duty"], ())
        ]
    days: dict = {}
    for row in rows:
        days.setdefault(row["on"], []).append(row)
    return {
        "roster": found, "first": first, "today": today,
        "days": [(on, some) for on, some in days.items() if not _are_over(some)],
        "past": [(on, some) for on, some in days.items() if _are_over(some)],
        "before": first - timedelta(days=1), "after": last, "keeps": keeps,
        "gaps": [row for row in rows if row["why"] and not row["is_over"]],
        "doubles": [row for row in rows if row["twice"]],
        "swaps": _swap_rows(request, found),
    }  # fmt: skip


def _are_over(rows) -> bool:
    return all(row["is_over"] for row in rows)


def _row(request, roster, plan, one, changes, now, keeps: bool) -> dict:
    change = changes.get((one.shift, one.on))
    person = plan.person(one)
    on = timezone.localdate(one.starts_at)
    deputies = [
        away.deputy
        for away in plan.deputies.get(one.planned, ())
        if away.valid_from <= one.on <= away.valid_until
    ]
    is_over, is_begun = one.ends_at <= now, one.starts_at <= now
    mine = one.person == request.user.pk
    return {
        "duty": one, "on": on, "hours": span_words(one.starts_at, one.ends_at), "person": person,
        "why": GAPS.get(one.gap, ""), "deputies": deputies if one.gap == "away" else [],
        "change": change, "is_over": is_over, "is_now": is_begun and not is_over, "is_mine": mine,
        "may_put": keeps and not is_over and one.shift is not None,
        "may_plan": keeps and not is_over and one.shift is None,
        "may_swap": mine and not is_begun,
    }  # fmt: skip


def _swap_rows(request, roster) -> list[dict]:
    swaps = duty_selectors.swaps_open(request.user, roster)
    twice = double_selectors.after_swaps(roster, swaps)
    return [
        {
            "swap": one,
            "twice": double_selectors.swap_words(one, twice[one.pk]),
            "decides": one.other_id == request.user.pk,
            "hours": f"{one.shift.begins:%H:%M}–{one.shift.ends:%H:%M}",
            "other_hours": f"{one.other_shift.begins:%H:%M}–{one.other_shift.ends:%H:%M}",
        }
        for one in swaps
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def edit(request, roster_id=None):
    """Begin a roster, or change its name and phone."""
    organs = headed_organs(request.user)
    found = duty_selectors.roster_for(request.user, roster_id, "manage") if roster_id else None
    if not organs:
        raise Http404
    known = {"department": found.department_id, "name": found.name, "phone": found.phone,
             "is_always": found.is_always, "is_active": found.is_active,
             } if found else None  # fmt: skip
    organs = [found.department] if found else list({one.pk: one for one in organs}.values())
    form = RosterForm(request.POST if request.method == "POST" else None, initial=known,
                      organs=organs)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = duty_services.save_roster(actor=request.actor, roster=found, **form.cleaned_data)
        except Unusable as error:
            with_errors(form, error.errors)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:pattern", made.pk)
    context = {"form": form, "roster": found}
    status = 422 if form.errors else 200
    return render(request, "office/directory/roster_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def pattern(request, roster_id):
    """The weekly pattern: what is in force, one more shift, the end of one."""
    found = duty_selectors.roster_for(request.user, roster_id, "manage")
    staff = duty_selectors.staff_of(found)
    today = timezone.localdate()
    form = ShiftForm(request.POST if request.method == "POST" else None, staff=staff,
                     initial={"first_on": today})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = duty_services.add_shifts(actor=request.actor, roster=found, **form.cleaned_data)
        except Unusable as error:
            with_errors(form, {_field(key): words for key, words in error.errors.items()})
        else:
            messages.success(request, _("The shifts stand in the roster."))
            first = form.cleaned_data["first_on"]
            _warn(request, double_selectors.planned_twice(
                found, first, first + timedelta(days=LOOKED_AHEAD), {one.pk for one in made}
            ))  # fmt: skip
            return redirect("directory:pattern", found.pk)
    rows = [
        {"shift": one, "weekday": WEEKDAYS[one.weekday],
         "people": [turn.person for turn in sorted(one.turns.all(), key=lambda turn: turn.order)]}
        for one in duty_selectors.shifts_of(found)
    ]  # fmt: skip
    context = {"roster": found, "rows": rows, "form": form, "today": today}
    status = 422 if form.errors else 200
    return render(request, "office/directory/pattern.html", context, status=status)


def _warn(request, words: str) -> None:
    """Two rosters at once: that is for the person to weigh, and is never refused."""
    if words:
        messages.warning(request, words)


def _field(key: str) -> str:
    return "person_1" if key == "people" else key


@require_POST
@office_page
def shift_end(request, roster_id, shift_id):
    """A shift ends: with today when it has begun today, else with yesterday."""
    found = duty_selectors.roster_for(request.user, roster_id, "manage")
    shift = next((one for one in duty_selectors.shifts_of(found) if one.pk == shift_id), None)
    if shift is None:
        raise Http404
    now = timezone.localtime()
    last_on = now.date() if shift.begins <= now.time() else now.date() - timedelta(days=1)
    duty_services.end_shift(actor=request.actor, shift=shift, last_on=last_on)
    messages.success(request, _("This shift is no longer planned. What has begun stays."))
    return redirect("directory:pattern", found.pk)


def _duty(found, shift_id: int, on: str):
    """(plan, duty) of a shift on a day that the address names."""
    day = day_or_none(on)
    plan = duty_selectors.plan_of(found, day, day + timedelta(days=1)) if day else None
    one = next((one for one in plan.duties if one.shift == shift_id), None) if plan else None
    if one is None:
        raise Http404
    return plan, one


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def put(request, roster_id, shift_id, on):
    """Put somebody else on one duty, or leave it a gap."""
    found = duty_selectors.roster_for(request.user, roster_id, "manage")
    plan, one = _duty(found, shift_id, on)
    form = ExceptionForm(request.POST if request.method == "POST" else None,
                         staff=duty_selectors.staff_of(found))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            duty_services.put_on_duty(
                actor=request.actor, roster=found, shift_id=shift_id, on=one.on,
                **form.cleaned_data,
            )  # fmt: skip
        except Unusable as error:
            with_errors(form, error.errors)
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
            return redirect(_month_url(found, one.on))
        else:
            messages.success(request, _("Changed. Both are told."))
            _warn(request, double_selectors.planned_twice(
                found, one.on, one.on + timedelta(days=1), {shift_id}
            ))  # fmt: skip
            return redirect(_month_url(found, one.on))
    return _one(request, found, plan, one, form, "put")


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def swap(request, roster_id, shift_id, on):
    """Ask a colleague to swap one's duty."""
    found = duty_selectors.roster_for(request.user, roster_id)
    plan, one = _duty(found, shift_id, on)
    if one.person != request.user.pk:
        raise Http404
    form = SwapForm(request.POST if request.method == "POST" else None,
                    offers=_offers(request, found))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        shift, _mark, day = form.cleaned_data["theirs"].partition("/")
        try:
            swap_services.ask_swap(
                actor=request.actor, roster=found, mine=(shift_id, one.on),
                theirs=(whole(shift), day_or_none(day)), note=form.cleaned_data["note"],
            )  # fmt: skip
        except Unusable as error:
            with_errors(form, error.errors)
        except Conflict as error:
            say_refused(request, error)
            return redirect(_month_url(found, one.on))
        else:
            messages.success(request, _("Asked. It holds when your colleague agrees."))
            return redirect(_month_url(found, one.on))
    return _one(request, found, plan, one, form, "swap")


def _offers(request, found) -> list[tuple[str, str]]:
    """The duties of colleagues in the next weeks."""
    today, now = timezone.localdate(), timezone.now()
    plan = duty_selectors.plan_of(found, today, today + timedelta(days=LOOKED_AHEAD))
    return [
        (f"{one.shift}/{one.on}",
         f"{day_words(one.starts_at)} {span_words(one.starts_at, one.ends_at)}"
         f" {plan.people[one.person]}")
        for one in plan.duties
        if one.person and one.person != request.user.pk and one.starts_at > now
    ]  # fmt: skip


def _one(request, found, plan, one, form, act: str):
    context = {
        "roster": found, "duty": one, "person": plan.person(one), "form": form, "act": act,
        "hours": span_words(one.starts_at, one.ends_at), "why": GAPS.get(one.gap, ""),
        "back": _month_url(found, one.on),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "office/directory/duty_one.html", context, status=status)


@require_POST
@office_page
def swap_decide(request, swap_id):
    """Agree, refuse or take back."""
    act = request.POST.get("act", "")
    acts = {
        "agree": (swap_services.agree_swap, "decide", _("Swapped.")),
        "refuse": (swap_services.refuse_swap, "decide", _("Your colleague is told.")),
        "withdraw": (swap_services.withdraw_swap, "withdraw", _("Taken back.")),
    }
    call, verb, words = acts.get(act, (None, "decide", ""))
    found = duty_selectors.swap_for(request.user, swap_id, verb)
    if call is None:
        messages.warning(request, _("Choose what to do."))
        return redirect("directory:roster", found.roster_id)
    try:
        call(actor=request.actor, swap=found)
    except (Conflict, NotAllowed, Unusable) as error:
        say_refused(request, error)
    else:
        messages.success(request, words)
    return redirect("directory:roster", found.roster_id)


@require_safe
@office_page
def calendar_file(request, roster_id):
    """The roster for a calendar program."""
    found = duty_selectors.roster_for(request.user, roster_id)
    content = feeds.file_of(request.user, roster=found)
    services.note_export(actor=request.actor, what="roster", label=str(found.pk), rows=1)
    return calendar_answer(content, "duty.ics")
