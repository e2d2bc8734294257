"""The list of tasks: boxes, search, filters and kept views, all of them addresses."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from collab_hub.inbox import selectors, services
from collab_hub.inbox.lines import grouped, inbox_page
from collab_hub.inbox.many import label_of
from collab_hub.inbox.query import BOXES, InboxQuery
from collab_hub.inbox.rows import STAGE_TITLES
from platform_core.common.errors import Unusable
from platform_core.common.i18n import pick

from ..access import office_page

WAITING = {"all", "mine", "pool", "snoozed"}
BOX_TITLES = {
    "all": pgettext_lazy("inbox", "All waiting"),
    "mine": pgettext_lazy("inbox", "Mine"),
    "pool": pgettext_lazy("inbox", "To claim"),
    "snoozed": pgettext_lazy("inbox", "Snoozed"),
    "cc": pgettext_lazy("inbox", "Copies"),
    "sent": pgettext_lazy("inbox", "Started by me"),
    "done": pgettext_lazy("inbox", "Done"),
}
BOX_ICONS = {
    "all": "inbox",
    "mine": "user",
    "pool": "users",
    "snoozed": "clock",
    "cc": "eye",
    "sent": "send",
    "done": "archive",
}
DUE_TITLES = (
    ("", gettext_lazy("Any deadline")),
    ("late", gettext_lazy("Late")),
    ("today", gettext_lazy("Due today")),
    ("soon", gettext_lazy("Within three days")),
)
LIGHT_TITLES = (
    ("", gettext_lazy("Any light")),
    ("red", pgettext_lazy("light", "Red")),
    ("yellow", pgettext_lazy("light", "Yellow")),
    ("green", pgettext_lazy("light", "Green")),
)
# What several lines of a box can be given to at once, besides what their kinds offer.
BULK = {
    "all": ("snooze", "hand_on"),
    "mine": ("snooze", "hand_on"),
    "pool": ("snooze", "hand_on"),
    "snoozed": ("wake", "snooze"),
    "sent": ("urge",),
}
EMPTY = {
    "all": gettext_lazy("All done. Nothing waits for you."),
    "mine": gettext_lazy("Nothing is in your own hands."),
    "pool": gettext_lazy("Nothing waits to be claimed by your post."),
    "snoozed": gettext_lazy("What you put off waits here until its hour comes."),
    "cc": gettext_lazy("Copies sent to you for information appear here."),
    "sent": gettext_lazy("What you start yourself appears here."),
    "done": gettext_lazy("What you finish appears here."),
}


@dataclass(frozen=True)
class Tab:
    url: str
    label: object
    current: bool
    count: int | str | None
    key: str = ""
    icon: str = "inbox"


def inbox_url(query: InboxQuery, **changes) -> str:
    """The address of a view of the inbox."""
    address = query.address(**changes)
    return reverse("office:inbox") + (f"?{address}" if address else "")


def tabs_of(user, boxes, current: str = "") -> list[Tab]:
    """The boxes as links, with what waits in them."""
    counts = selectors.box_counts(user)
    return [
        Tab(
            inbox_url(InboxQuery(box=box)),
            BOX_TITLES[box],
            box == current,
            selectors.shown_count(counts.get(box, 0)) or None,
            box,
            BOX_ICONS[box],
        )
        for box in boxes
        if box != "snoozed" or current == box or counts[box]
    ]


def list_context(request, query: InboxQuery) -> dict:
    """What the list pane shows for a view."""
    now = timezone.now()
    page = inbox_page(
        request.user,
        query,
        now,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    is_open = query.box in WAITING
    return {
        "query": query,
        "address": query.address(),
        "page": page,
        "older_url": page_url(query, after=page.after),
        "newer_url": page_url(query, before=page.before),
        "rows": page.rows,
        "deadline_groups": grouped(page.rows, now) if is_open else None,
        "box_title": BOX_TITLES[query.box],
        "tabs": tabs_of(request.user, BOXES, query.box),
        "empty_words": EMPTY[query.box],
        "all_url": inbox_url(InboxQuery(box=query.box)),
        "bulk": bulk_buttons(page.rows, query.box),
        **filter_context(request, query),
    }


def bulk_buttons(lines, box: str) -> list[tuple[str, object, str]]:
    """(key, label, icon) of what can be done with several lines of a page at once."""
    keys = dict.fromkeys(key for line in lines for key in line.bulk)
    keys |= dict.fromkeys(BULK.get(box, ()) if lines else ())
    return [(key, *label_of(key)) for key in keys]


def page_url(query: InboxQuery, **place) -> str:
    """The address of the page after or before a place; "" where there is none."""
    if not any(place.values()):
        return ""
    address = "&".join(filter(None, [query.address(), urlencode(place)]))
    return f"{reverse('office:inbox')}?{address}"


def filter_context(request, query: InboxQuery) -> dict:
    """The choices of the filter form and the kept views."""
    napps, kinds = selectors.choices(request.user, query.box)
    stages = STAGE_TITLES.items()
    named = [
        *([f"“{query.q}”"] if query.q else []),
        *[str(title) for key, title in DUE_TITLES if key and key == query.due],
        *[str(title) for key, title in LIGHT_TITLES if key and key == query.light],
        *[str(title) for key, title in kinds if key == query.kind],
        *[pick(title) for slug, title in napps if slug == query.napp],
        *[str(title) for key, title in stages if key == query.stage],
    ]
    return {
        "due_options": DUE_TITLES,
        "light_options": LIGHT_TITLES,
        "kind_options": [("", _("Everything")), *kinds],
        "napp_options": [("", _("Any service")), *napps],
        "stage_options": [("", _("Any stage")), *stages],
        "filter_names": named,
        "saved_filters": [
            {"name": kept.name, "url": f"{reverse('office:inbox')}?{kept.query}".rstrip("?"),
             "current": kept.query == query.address()}
            for kept in selectors.saved_filters(request.user)
        ],
    }  # fmt: skip


@require_safe
@office_page
def inbox(request):
    query = InboxQuery.read(request.GET)
    return render(request, "office/inbox.html", list_context(request, query))


@require_safe
@office_page
def filters(request):
    """Where kept views are renamed and removed."""
    return _filters_page(request)


def _filters_page(request, status=200, **more):
    kept = selectors.saved_filters(request.user)
    return render(request, "office/filters.html", {"kept": kept, **more}, status=status)


@require_POST
@office_page
def save_filter(request):
    query = InboxQuery.read(request.POST)
    name = request.POST.get("name", "")
    try:
        saved = services.save_filter(actor=request.actor, name=name, query=query)
    except Unusable as error:
        context = list_context(request, query)
        context |= {"filter_errors": error.errors["name"], "filter_name": name}
        return render(request, "office/inbox.html", context, status=422)
    messages.success(request, _("The filter “%(name)s” is kept.") % {"name": saved.name})
    return HttpResponseRedirect(inbox_url(query))


@require_POST
@office_page
def rename_filter(request, filter_id):
    name = request.POST.get("name", "")
    try:
        services.rename_filter(actor=request.actor, filter_id=filter_id, name=name)
    except Unusable as error:
        wrong = {"wrong_id": filter_id, "wrong_name": name, "wrong": error.errors["name"]}
        return _filters_page(request, 422, **wrong)
    messages.success(request, _("The filter has its new name."))
    return redirect("office:filters")


@require_POST
@office_page
def delete_filter(request, filter_id):
    services.delete_filter(actor=request.actor, filter_id=filter_id)
    messages.success(request, _("The filter is removed."))
    return redirect("office:filters")
