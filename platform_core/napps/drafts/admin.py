"""The pages of an N-app's admin on which its next version is written; mixed into it."""

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.errors import Conflict, Unusable

from ..manifest import ManifestInvalid, in_reading_order, parse_stored
from . import selectors, services
from .checking import problems_of


class DraftForm(forms.Form):
    """The text of a draft, and the revision that it was made from."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Definition"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "cols": 100, "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=gettext_lazy("What is new"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Shown in the list of versions."),
    )


def as_text(content) -> str:
    """The content for people: in the order of the schema once it is well-formed."""
    try:
        content = in_reading_order(parse_stored(content))
    except ManifestInvalid:
        pass
    return json.dumps(content, ensure_ascii=False, indent=2)


class Drafting:
    """Begin, save, put together, register and discard the draft of an N-app."""

    def draft_view(self, request, pk):
        """The open draft with its mistakes and changes; without one the offer to begin it."""
        napp = self._changeable(request, pk)
        draft = selectors.open_draft(napp)
        if request.method == "POST" and "begin" in request.POST:
            try:
                services.start_draft(actor=request.actor, napp=napp)
            except Conflict as error:
                messages.error(request, str(error))
                return self._overview(napp)
            return HttpResponseRedirect(request.path)
        if draft is None:
            return self._page(request, "draft_begin", _("The next version"), napp=napp)
        form = DraftForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            answer = self._drafted(request, napp, draft, form)
            if answer:
                return answer
        elif request.method != "POST":
            form = DraftForm(initial={"revision": draft.revision, "text": as_text(draft.content)})
        return self._draft_page(request, napp, draft, form)

    def _draft_page(self, request, napp, draft, form):
        return self._page(
            request,
            "draft",
            _("The next version"),
            napp=napp,
            draft=draft,
            form=form,
            problems=problems_of(napp, draft.content),
            changed=selectors.changes_of(draft),
            sides=selectors.sides_of(draft, request.user),
            revisions=list(selectors.revisions_of(draft)[:8]),
        )

    def _drafted(self, request, napp, draft, form):
        """Carry out the button that was pressed; None to show the page with its errors again."""
        seen = form.cleaned_data["revision"]
        try:
            if "discard" in request.POST:
                services.discard_draft(actor=request.actor, draft=draft, seen=seen)
                messages.success(request, _("The draft is discarded."))
                return self._overview(napp)
            saving = services.save_draft(
                actor=request.actor, draft=draft, seen=seen, content=form.cleaned_data["text"]
            )
            if saving.side:
                messages.warning(request, saving.message)
                return HttpResponseRedirect(
                    reverse("admin:platform_core_napp_merge", args=[napp.pk, saving.side.pk])
                )
            if "register" in request.POST:
                return self._registered(request, napp, saving.draft, form)
        except Unusable as error:
            form.add_error("text", error.errors["content"])
            return None
        except Conflict as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("Saved as revision %(number)s.") % {"number": saving.draft.revision}
            )
        return HttpResponseRedirect(request.path)

    def _registered(self, request, napp, draft, form):
        try:
            version = services.register_draft(
                actor=request.actor,
                draft=draft,
                seen=draft.revision,
                note=form.cleaned_data["note"],
            )
        except ManifestInvalid:
            messages.error(request, _("Saved, but not registered: first mend the mistakes below."))
            return HttpResponseRedirect(request.path)
        self._said_registered(request, version)
        return self._overview(napp)

    def merge_view(self, request, pk, side_id):
        """What the other one saved and what you wrote, side by side, and both put together."""
        napp = self._changeable(request, pk)
        draft = selectors.open_draft(napp)
        side = selectors.side_of(draft, request.user, side_id) if draft else None
        if side is None:
            raise Http404
        choices = {
            name.removeprefix("choice:"): value
            for name, value in request.POST.items()
            if name.startswith("choice:")
        }
        errors = {}
        if request.method == "POST":
            try:
                if "drop" in request.POST:
                    services.drop_side(actor=request.actor, side=side)
                    messages.success(request, _("Your changes are dropped."))
                else:
                    services.merge_draft(
                        actor=request.actor, draft=draft, side=side,
                        seen=int(request.POST.get("revision", "0")), choices=choices,
                    )  # fmt: skip
                    messages.success(request, _("Both are saved together."))
                return HttpResponseRedirect(
                    reverse("admin:platform_core_napp_draft", args=[napp.pk])
                )
            except Unusable as error:
                errors = error.errors
            except (Conflict, ValueError) as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(request.path)
        clash = selectors.clash_of(side, draft)
        overlaps = [
            {
                "path": one.path,
                "words": one.words,
                "chosen": choices.get(one.path, ""),
                "errors": errors.get(one.path, ()),
            }
            for one in clash.merge.overlaps
        ]
        return self._page(
            request,
            "merge",
            _("Two people changed this draft"),
            napp=napp,
            clash=clash,
            overlaps=overlaps,
            errors=errors,
            text=as_text(side.content),
        )

    def _changeable(self, request, pk):
        napp = self._napp(request, pk)
        if not self.has_change_permission(request, napp):
            raise PermissionDenied
        return napp
