"""N-apps for administrators: upload, look through, open, close, disable, change the version,
export."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.i18n import pick
from security.organs.kinds import kind_title

from . import selectors, services
from .drafts.admin import Drafting
from .drafts.selectors import open_draft
from .examining import examine
from .manifest import MAX_BYTES, ManifestInvalid
from .models import NApp
from .overview import overview_links
from .publication.admin import Publishing
from .publication.selectors import waiting_publication
from .showing import file_of, parts_of

TEMPLATES = "admin/platform_core/napp"
MOVES = {
    "open": (services.open_napp, gettext_lazy("Open the N-app again"), services.REOPENABLE),
    "close": (services.close_napp, gettext_lazy("Close to new cases"), (NApp.State.OPEN,)),
    "disable": (
        services.disable_napp,
        gettext_lazy("Disable the N-app"),
        (NApp.State.OPEN, NApp.State.CLOSED),
    ),
}
CONSEQUENCES = {
    "open": gettext_lazy("Its services and pages appear at once, for everybody."),
    "close": gettext_lazy("Nobody can begin a new case. Cases under way are finished."),
    "disable": gettext_lazy("Nothing of it can be reached any more. Nothing is deleted."),
}


END_WORDS = {
    "public": gettext_lazy("People"),
    "enterprise": gettext_lazy("Firms"),
    "government": gettext_lazy("Office"),
}


class UploadForm(forms.Form):
    """A manifest as a file or as text. What was in a file becomes text, so that it can be
    mended."""

    file = forms.FileField(label=gettext_lazy("Manifest file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "cols": 100, "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=gettext_lazy("What is new"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Shown in the list of versions."),
    )

    def clean(self):
        data = super().clean()
        file = data.get("file")
        if file:
            raw = file.read(MAX_BYTES + 1)
            data["raw"] = raw
            # The shown text is only for mending; what is checked is what was sent.
            data["shown"] = raw.decode("utf-8-sig", "replace").replace("\0", "\ufffd")
        elif data.get("text", "").strip():
            data["raw"] = data["text"].encode("utf-8", "replace")
            data["shown"] = data["text"]
        else:
            raise forms.ValidationError(_("Choose a file or paste the text of a manifest."))
        return data


@admin.register(NApp)
class NAppAdmin(Drafting, Publishing, admin.ModelAdmin):
    list_display = [
        "slug",
        "shown_title",
        "state",
        "current_version",
        "department",
        "in_folder",
    ]
    list_filter = ["state", "in_folder", "has_code"]
    search_fields = ["slug", "title"]
    list_select_related = ["current"]
    actions = None

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, napp):
        return pick(napp.title)

    @admin.display(description=gettext_lazy("version"))
    def current_version(self, napp):
        return napp.current.version if napp.current else "—"

    @admin.display(description=gettext_lazy("department"), ordering="department_kind")
    def department(self, napp):
        return pick(kind_title(napp.department_kind))

    def get_queryset(self, request):
        return super().get_queryset(request).defer("current__manifest")

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = [
            (f"<int:pk>/{move}/", partial(self.move_view, move=move), move) for move in MOVES
        ] + [
            ("<int:pk>/switch/<int:version_id>/", self.switch_view, "switch"),
            ("<int:pk>/draft/", self.draft_view, "draft"),
            ("<int:pk>/draft/merge/<int:side_id>/", self.merge_view, "merge"),
            ("<int:pk>/publish/<int:version_id>/", self.publish_view, "publish"),
            ("<int:pk>/versions/<int:version_id>/", self.version_view, "version"),
            ("<int:pk>/versions/<int:version_id>/export/", self.export_view, "export"),
            (
                "<int:pk>/versions/<int:version_id>/<slug:section>/<str:name>",
                self.file_view,
                "file",
            ),
            ("<int:pk>/compare/<int:old_id>/<int:new_id>/", self.compare_view, "compare"),
        ]
        return [
            path(route, self.admin_site.admin_view(function), name=f"platform_core_napp_{name}")
            for route, function, name in own
        ] + super().get_urls()

    def _page(self, request, template, title, **context):
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, f"{TEMPLATES}/{template}.html", context)

    def _napp(self, request, pk):
        napp = selectors.napp_by_id(pk)
        if napp is None or not self.has_view_permission(request, napp):
            raise Http404
        return napp

    def _version(self, napp, version_id):
        version = selectors.version_in(napp, version_id)
        if version is None:
            raise Http404
        return version

    def _overview(self, napp):
        return HttpResponseRedirect(reverse("admin:platform_core_napp_change", args=[napp.pk]))

    def add_view(self, request, form_url="", extra_context=None):
        """Register a manifest. Mistakes are listed by place; what was sent stays in the box."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        problems, examination = [], None
        if request.method == "POST" and form.is_valid():
            raw = form.cleaned_data["raw"]
            try:
                if "check" in request.POST:
                    examination = examine(raw)
                else:
                    version = services.register_napp(
                        actor=request.actor, manifest=raw, note=form.cleaned_data["note"]
                    )
                    self._said_registered(request, version)
                    return self._overview(version.napp)
            except ManifestInvalid as error:
                problems = error.problems
            form = UploadForm(
                initial={"text": form.cleaned_data["shown"], "note": form.cleaned_data["note"]}
            )
        return self._page(
            request,
            "upload",
            _("Register a manifest"),
            form=form,
            problems=problems,
            examination=examination,
        )

    def _said_registered(self, request, version):
        napp, values = version.napp, {"slug": version.napp.slug, "version": version.version}
        if napp.current_id == version.pk:
            said = _("%(slug)s %(version)s is registered. It is the current version.")
        else:
            said = _("%(slug)s %(version)s is registered. Ask for its publication to use it.")
        messages.success(request, said % values)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The N-app with its state, what can be done, and its versions."""
        try:
            napp = self._napp(request, int(object_id))
        except ValueError:
            raise Http404 from None
        may_change = self.has_change_permission(request, napp)
        moves = [
            (reverse(f"admin:platform_core_napp_{name}", args=[napp.pk]), label)
            for name, (_service, label, states) in MOVES.items()
            if may_change and napp.state in states
        ]
        return self._page(
            request,
            "overview",
            pick(napp.title),
            napp=napp,
            ends=[END_WORDS[end] for end in napp.ends],
            department=kind_title(napp.department_kind),
            moves=moves,
            versions=list(selectors.versions_of(napp)),
            waiting=waiting_publication(napp),
            draft=open_draft(napp),
            links=overview_links(napp),
            is_draft=napp.state == NApp.State.DRAFT,
            may_change=may_change and napp.state != NApp.State.MISSING,
        )

    def move_view(self, request, pk, move):
        """Open, close or disable, after a page that says what it means."""
        service, label, _states = MOVES[move]
        return self._confirmed(
            request,
            self._napp(request, pk),
            label,
            CONSEQUENCES[move],
            lambda napp: service(actor=request.actor, napp=napp),
        )

    def switch_view(self, request, pk, version_id):
        """Make another version of a draft the current one, after a page with the differences."""
        napp = self._napp(request, pk)
        version = self._version(napp, version_id)
        changed = selectors.compare_versions(napp.current, version) if napp.current else []
        return self._confirmed(
            request,
            napp,
            _("Switch to version %(version)s") % {"version": version.version},
            _("The N-app is a draft: nothing of it is reached before it is published."),
            lambda napp: services.switch_version(actor=request.actor, napp=napp, version=version),
            changed=changed,
        )

    def _confirmed(self, request, napp, label, consequence, act, changed=()):
        if not self.has_change_permission(request, napp):
            raise PermissionDenied
        problems = []
        if request.method == "POST":
            try:
                act(napp)
            except ManifestInvalid as error:
                problems = error.problems
            except (Conflict, NotAllowed) as error:
                messages.error(request, str(error))
                return self._overview(napp)
            else:
                messages.success(request, _("Done: %(what)s.") % {"what": label})
                return self._overview(napp)
        return self._page(
            request,
            "confirm",
            f"{label}: {pick(napp.title)}",
            napp=napp,
            label=label,
            consequence=consequence,
            problems=problems,
            changed=changed,
        )

    def compare_view(self, request, pk, old_id, new_id):
        napp = self._napp(request, pk)
        old, new = self._version(napp, old_id), self._version(napp, new_id)
        title = _("What changed from %(old)s to %(new)s") % {"old": old, "new": new}
        changed = selectors.compare_versions(old, new)
        return self._page(request, "compare", title, napp=napp, changed=changed)

    def version_view(self, request, pk, version_id):
        napp = self._napp(request, pk)
        version = self._version(napp, version_id)
        text = selectors.exported(version)
        title = f"{napp.slug} {version.version}"
        parts = parts_of(version)
        return self._page(
            request, "version", title, napp=napp, version=version, text=text, parts=parts
        )

    def file_view(self, request, pk, version_id, section, name):
        """A part of a version as a file in the trade's own format."""
        file = file_of(self._version(self._napp(request, pk), version_id), section, name)
        if file is None:
            raise Http404
        answer = HttpResponse(file.content, content_type=file.content_type)
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer

    def export_view(self, request, pk, version_id):
        """The manifest as a file that can be uploaded again or put into a folder."""
        napp = self._napp(request, pk)
        version = self._version(napp, version_id)
        answer = HttpResponse(
            selectors.exported(version), content_type="application/json; charset=utf-8"
        )
        name = f"{napp.slug}-{version.version}.json"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
