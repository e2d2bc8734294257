"""Publications for administrators: the list of what waits, and the page to decide on one."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole
from platform_core.common.two_people import TurnFilter

from ..manifest import ManifestInvalid
from ..models import NApp
from ..selectors import compare_versions
from . import selectors, services
from .duties import bar
from .models import PublicationRequest


class AskForm(forms.Form):
    """Why a version should be used; the second person reads it."""

    note = forms.CharField(
        label=gettext_lazy("Note for the second person"),
        required=False,
        max_length=services.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed to refuse. Whoever asked reads it."),
        required=False,
        max_length=services.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WaitingFilter(TurnFilter):
    def waiting_for(self, user):
        return selectors.waiting_for(user)


@admin.register(PublicationRequest)
class PublicationAdmin(admin.ModelAdmin):
    """Nothing is edited here: the page of a publication approves, refuses or takes back."""

    list_display = ["napp", "versions", "state", "asked_by", "asked_at", "decided_by"]
    list_filter = [WaitingFilter, "state"]
    list_select_related = ["napp", "version", "base", "asked_by", "decided_by"]
    search_fields = ["napp__slug", "note"]
    actions = None

    @admin.display(description=gettext_lazy("versions"))
    def versions(self, publication):
        if publication.opens:
            return publication.version.version
        return f"{publication.base.version} → {publication.version.version}"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("version__manifest", "base__manifest")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What was asked, the differences in words, and the decision."""
        publication = selectors.publication_by_id(whole(object_id))
        if publication is None:
            raise Http404
        if not self.has_change_permission(request, publication):
            raise PermissionDenied
        form = DecisionForm(request.POST if request.method == "POST" else None)
        problems = []
        if request.method == "POST" and form.is_valid():
            try:
                return self._decided(request, publication, form.cleaned_data["reason"])
            except Unusable as error:
                form.add_error("reason", error.errors["reason"][0])
            except ManifestInvalid as error:
                problems = error.problems
            except (Conflict, NotAllowed) as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(request.path)
        return self._page(request, publication, form, problems)

    def _decided(self, request, publication, reason: str):
        facts = {"actor": request.actor, "request": publication}
        if "approve" in request.POST:
            services.approve_publication(**facts)
            said = _("Approved: %(napp)s %(version)s is in use.")
        elif "refuse" in request.POST:
            services.refuse_publication(**facts, reason=reason)
            said = _("Refused: %(napp)s %(version)s.")
        else:
            services.withdraw_publication(**facts)
            said = _("Taken back: %(napp)s %(version)s.")
        words = {"napp": pick(publication.napp.title), "version": publication.version.version}
        messages.success(request, said % words)
        return HttpResponseRedirect(
            reverse("admin:platform_core_napp_change", args=[publication.napp_id])
        )

    def _page(self, request, publication, form, problems):
        is_open = publication.state == PublicationRequest.State.WAITING
        why = bar(request.user, publication) if is_open else ""
        changed = () if publication.opens else compare_versions(
            publication.base, publication.version
        )  # fmt: skip
        context = self.admin_site.each_context(request) | {
            "title": _("Publication of %(napp)s %(version)s")
            % {"napp": pick(publication.napp.title), "version": publication.version.version},
            "opts": self.opts,
            "publication": publication,
            "napp": publication.napp,
            "form": form,
            "problems": problems,
            "changed": changed,
            "is_open": is_open,
            "why_not": why,
            "may_withdraw": is_open and publication.asked_by_id == request.user.pk,
        }
        return TemplateResponse(request, "admin/platform_core/napp/publication.html", context)


class Publishing:
    """The page of an N-app's admin on which a version is asked for; mixed into it."""

    def publish_view(self, request, pk, version_id):
        """Ask a second person to let a version be used, after a page with the differences."""
        napp = self._napp(request, pk)
        version = self._version(napp, version_id)
        if not self.has_change_permission(request, napp):
            raise PermissionDenied
        form = AskForm(request.POST if request.method == "POST" else None)
        problems = []
        if request.method == "POST" and form.is_valid():
            try:
                services.ask_publication(
                    actor=request.actor, version=version, note=form.cleaned_data["note"]
                )
            except ManifestInvalid as error:
                problems = error.problems
            except Conflict as error:
                messages.error(request, str(error))
                return self._overview(napp)
            else:
                messages.success(request, _("Asked. A second person decides now."))
                return self._overview(napp)
        changed = []
        if napp.current and napp.current_id != version.pk:
            changed = compare_versions(napp.current, version)
        return self._page(
            request,
            "ask",
            _("Ask for the publication of version %(version)s") % {"version": version.version},
            napp=napp,
            version=version,
            opens=napp.state == NApp.State.DRAFT,
            form=form,
            problems=problems,
            changed=changed,
        )
