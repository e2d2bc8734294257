"""The office's pages of the catalogue: list, one item, its versions, proposals and decisions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable

from . import selectors, services, suspending
from .elements import BASIC, ITEM_TYPES, grouped
from .forms import BeginForm, ElementsForm, FilterForm, SuspensionForm
from .shown import basic_code_of, changed_rows, inherited, name_of, rows
from .suspension import is_due_or_running

PAGE_SIZE = 50


def for_keepers(view):
    """A page for those who have to do with the catalogue; 404 for everybody else."""

    @login_required
    def wrapped(request, *args, **kwargs):
        if not selectors.looks_after_items(request.user):
            raise Http404
        if kwargs.get("kind", BASIC) not in selectors.ITEMS:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def _tabs(request, here: str) -> list[dict]:
    listed = reverse("catalogue")
    return [
        {"url": listed, "label": _("Implementing items"), "current": here == "implementing"},
        {"url": f"{listed}?kind=basic", "label": _("Basic catalogue"), "current": here == BASIC},
        {
            "url": reverse("catalogue_changes"),
            "label": _("Changes"),
            "current": here == "changes",
            "count": selectors.waiting_for(request.user).count(),
        },
    ]


@for_keepers
def items(request):
    """The items of one kind, narrowed by words, type and state."""
    kind = BASIC if request.GET.get("kind") == BASIC else "implementing"
    narrowed = FilterForm(request.GET).narrowed()
    found = selectors.items_found(request.user, kind, **narrowed)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "tabs": _tabs(request, kind),
        "narrowed": narrowed,
        "types": ITEM_TYPES.items(),
        "rows": [_listed(kind, one) for one in shown],
        "shown": shown,
        "may_begin": selectors.may_begin(request.user, kind),
    }
    return render(request, "catalogue/items.html", context)


def _listed(kind: str, found) -> dict:
    is_suspended = kind != BASIC and suspending.is_suspended(found)
    return {"item": found, "name": name_of(found), "is_suspended": is_suspended}


@for_keepers
def begin(request):
    """Which item is to be added."""
    form = BeginForm(
        request.POST or None, initial={"kind": request.GET.get("kind", "implementing")}
    )
    if request.method == "POST" and form.is_valid():
        kind, code = form.cleaned_data["kind"], form.cleaned_data["code"]
        try:
            found = services.begin_item(actor=request.actor, kind=kind, code=code)
            return redirect("catalogue_edit", kind, found.code)
        except Unusable as error:
            form.refuse(error.errors)
        except NotAllowed as error:
            form.add_error(None, str(error))
    return render(
        request, "catalogue/begin.html", {"form": form}, status=422 if form.errors else 200
    )


@for_keepers
def item(request, kind, code):
    """One item with all its elements, its versions, and what the reader can do now."""
    found = selectors.item_for(request.user, kind, code)
    may_change = selectors.may_change(request.user, found)
    form = SuspensionForm(request.POST if request.POST.get("act") == "suspend" else None)
    errors = {}
    if request.method == "POST":
        if not may_change:
            raise Http404
        try:
            return _act(request, kind, found, form)
        except Unusable as error:
            errors = error.errors
            form.is_bound and form.is_valid() and form.refuse(errors)
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("catalogue_item", kind, code)
    versions = selectors.versions_of(found, request.user)
    context = _head(kind, found) | {
        "sections": rows(kind, found.current.elements) if found.current else [],
        "versions": versions,
        "draft": next((one for one in versions if one.state in selectors.OPEN), None),
        "may_change": may_change,
        "form": form,
        "errors": errors,
        "typed": request.POST,
        "suspension": _suspension(kind, found),
    }
    status = 422 if errors or form.errors else 200
    return render(request, "catalogue/item.html", context, status=status)


def _suspension(kind: str, found) -> bool:
    """Whether the item takes no new cases, or will not from an announced day on."""
    return kind != BASIC and is_due_or_running(found, timezone.localdate())


def _act(request, kind, found, form):
    act, to = request.POST.get("act", ""), {"actor": request.actor, "item": found}
    if act == "propose":
        change = services.propose(**to, why=request.POST.get("why", ""))
        messages.success(request, _("Proposed. A second person publishes it."))
        return redirect("catalogue_change", change.pk)
    if act == "discard":
        services.discard_draft(**to)
        messages.success(request, _("The draft was deleted."))
    elif act == "suspend" and kind != BASIC:
        if not form.is_valid():
            raise Unusable({})
        sent = form.cleaned_data
        words = {"zh": sent["zh"], "en": sent["en"]}
        days = {"start_on": sent["start"], "end_on": sent["until"]}
        suspending.suspend_implementing(**to, notice=words, **days)
        messages.success(request, _("Suspended. The guide says why."))
    elif act == "resume" and kind != BASIC:
        suspending.resume_implementing(**to)
        messages.success(request, _("New cases can be filed again."))
    else:
        raise Conflict(_("This was already done, or is not its turn. See below how it stands."))
    return redirect("catalogue_item", kind, found.code)


def _head(kind: str, found) -> dict:
    """What every page about one item shows of it."""
    basic = found.current if kind == BASIC else found.basic.current
    return {
        "kind": kind,
        "item": found,
        "name": name_of(found),
        "is_basic": kind == BASIC,
        "inherited": [] if kind == BASIC else inherited(basic, basic_code_of(kind, found)),
        "type": ITEM_TYPES.get(basic_code_of(kind, found)[2:4], ""),
    }


@for_keepers
def edit(request, kind, code):
    """The elements of the next version, with errors at their fields."""
    found = selectors.item_for(request.user, kind, code, "change")
    draft = selectors.open_version(found)
    start = draft or found.current
    form = ElementsForm(request.POST or None, kind=kind, elements=start.elements if start else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_draft(actor=request.actor, item=found, elements=form.cleaned_data)
            messages.success(request, _("The draft is saved. Read what changes, then propose it."))
            return redirect("catalogue_item", kind, code)
        except Unusable as error:
            form.refuse(error.errors)
        except (Conflict, NotAllowed) as error:
            form.add_error(None, str(error))
    context = _head(kind, found) | {"form": form, "sections": form.groups(grouped(kind))}
    return render(request, "catalogue/edit.html", context, status=422 if form.errors else 200)


@for_keepers
def version(request, kind, code, number):
    """One version, and in words what it changes against the one before it."""
    found = selectors.item_for(request.user, kind, code)
    versions = selectors.versions_of(found, request.user)
    shown = next((one for one in versions if one.number == number), None)
    if shown is None:
        raise Http404
    before = next(
        (one for one in versions if one.number < number and one.state in selectors.PUBLIC), None
    )
    pinned = getattr(shown, "basic_version", None)
    context = _head(kind, found) | {
        "version": shown,
        "before": before,
        "differences": changed_rows(kind, before.elements, shown.elements) if before else [],
        "sections": rows(kind, shown.elements),
    }
    if pinned is not None:
        context["inherited"] = inherited(pinned, basic_code_of(kind, found))
    return render(request, "catalogue/version.html", context)


@for_keepers
def changes(request):
    """The changes that wait, with those on which the reader decides."""
    found = selectors.changes_waiting(request.user)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    mine = set(selectors.waiting_for(request.user).values_list("pk", flat=True))
    context = {
        "tabs": _tabs(request, "changes"),
        "rows": [{"change": one, "is_mine": one.pk in mine} for one in shown],
        "shown": shown,
    }
    return render(request, "catalogue/changes.html", context)


@for_keepers
def change(request, change_id):
    """Everything a change contains, and the decision on it."""
    found = selectors.change_for(request.user, change_id)
    errors = {}
    if request.method == "POST":
        try:
            _decide(request, found)
            return redirect("catalogue_change", found.pk)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("catalogue_change", found.pk)
    kinds = ("basic", "implementing")
    counts = {kind: selectors.versions_in(found, kind).count() for kind in kinds}
    kind = "basic" if counts["basic"] else "implementing"
    shown = Paginator(selectors.versions_in(found, kind), PAGE_SIZE // 5)
    shown = shown.get_page(request.GET.get("page"))
    context = {
        "change": found,
        "kind": kind,
        "entries": [
            {
                "version": one,
                "name": one.elements.get("task_name") or name_of(one.item),
                "is_new": one.item.current is None,
                "differences": changed_rows(kind, _before(one), one.elements),
            }
            for one in shown
        ],
        "shown": shown,
        "may_decide": selectors.waiting_for(request.user).filter(pk=found.pk).exists(),
        "is_mine": found.asked_by_id == request.user.pk,
        "errors": errors,
        "typed": request.POST,
    }
    return render(request, "catalogue/change.html", context, status=422 if errors else 200)


def _before(version) -> dict | None:
    """What a version is compared with: the one in force, as long as that is another one."""
    current = version.item.current
    return current.elements if current and current.pk != version.pk else None


def _decide(request, found) -> None:
    act, to = request.POST.get("act", ""), {"actor": request.actor, "change": found}
    if act == "take_back":
        services.take_back(**to)
        messages.success(request, _("Taken back. It is a draft again."))
    elif act in {"approve", "refuse"}:
        reason = request.POST.get("reason", "")
        services.decide(**to, approve=act == "approve", reason=reason)
        done = _("Published.") if act == "approve" else _("Refused.")
        messages.success(request, done)
    else:
        raise Conflict(_("This was already done, or is not its turn. See below how it stands."))
