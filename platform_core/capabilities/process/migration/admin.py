"""Moving running cases, for administrators: choose, preview, ask; decide; follow the progress."""

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
from platform_core.common.two_people import TurnFilter
from platform_core.napps.overview import register_overview_link
from platform_core.napps.selectors import napp_by_id, version_in

from . import selectors, services
from .models import CaseMigration

TEMPLATES = "admin/platform_core/casemigration"
ADD = "admin:platform_core_casemigration_add"


class ReasonForm(forms.Form):
    """Why; it stands in the history of every case, or is read by whoever asked."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=services.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WaitingFilter(TurnFilter):
    def waiting_for(self, user):
        return selectors.migrations_waiting_for(user)


@admin.register(CaseMigration)
class CaseMigrationAdmin(admin.ModelAdmin):
    """The list, the preview (on "add") and the page of one migration; nothing is edited."""

    list_display = ["napp", "source", "target", "state", "asked_by", "asked_at", "decided_by"]
    list_filter = [WaitingFilter, "state"]
    list_select_related = ["napp", "source", "target", "asked_by", "decided_by"]
    search_fields = ["napp__slug", "reason"]
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).defer("source__manifest", "target__manifest")

    def has_delete_permission(self, request, obj=None):
        return False

    def _shown(self, request, template, title, **context):
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, f"{TEMPLATES}/{template}.html", context)

    def add_view(self, request, form_url="", extra_context=None):
        """Choose an N-app and a version, see what would happen, and ask for it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        napp, source = self._chosen(request)
        if source is None:
            return self._shown(
                request,
                "choose",
                _("Move running cases to the version in use"),
                versions=selectors.older_versions(napp),
            )
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                migration = services.ask_migration(
                    actor=request.actor, source=source, reason=form.cleaned_data["reason"]
                )
            except Unusable as error:
                form.add_error("reason", error.errors["reason"][0])
            except Conflict as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(reverse(ADD))
            else:
                messages.success(request, _("Asked. A second person decides now."))
                return self._to(migration)
        return self._shown(
            request,
            "preview",
            _("Move cases of %(napp)s from %(source)s to %(target)s")
            % {
                "napp": pick(napp.title),
                "source": source.version,
                "target": napp.current.version,
            },
            napp=napp,
            source=source,
            form=form,
            preview=selectors.preview(source, napp.current),
        )

    def _chosen(self, request):
        number, version = request.GET.get("napp", ""), request.GET.get("source", "")
        napp = napp_by_id(int(number)) if number.isdecimal() and len(number) < 10 else None
        if number and napp is None:
            raise Http404
        if napp is None or not version:
            return napp, None
        is_number = version.isdecimal() and len(version) < 10
        source = version_in(napp, int(version)) if is_number else None
        if source is None or napp.current is None or source.pk == napp.current_id:
            raise Http404
        return napp, source

    def _to(self, migration):
        return HttpResponseRedirect(
            reverse("admin:platform_core_casemigration_change", args=[migration.pk])
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What was asked, the preview and the decision; then the progress and what stayed."""
        known = object_id.isdecimal() and len(object_id) < 10
        migration = selectors.migration_by_id(object_id) if known else None
        if migration is None:
            raise Http404
        if not self.has_change_permission(request, migration):
            raise PermissionDenied
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                self._decide(request, migration, form.cleaned_data["reason"])
                return self._to(migration)
            except Unusable as error:
                form.add_error("reason", error.errors["reason"][0])
            except (Conflict, NotAllowed) as error:
                messages.error(request, str(error))
                return self._to(migration)
        is_open = migration.state == CaseMigration.State.WAITING
        is_running = migration.state == CaseMigration.State.APPROVED
        return self._shown(
            request,
            "migration",
            str(_("Migration of cases: %(what)s") % {"what": migration}),
            migration=migration,
            napp=migration.napp,
            form=form,
            is_open=is_open,
            is_mine=migration.asked_by_id == request.user.pk,
            preview=selectors.preview(migration.source, migration.target) if is_open else None,
            progress=selectors.progress(migration) if is_running else None,
            kept=selectors.kept_cases(migration) if is_running else (),
        )

    def _decide(self, request, migration, reason: str) -> None:
        facts = {"actor": request.actor, "migration": migration}
        if "approve" in request.POST:
            services.approve_migration(**facts)
            messages.success(request, _("Approved: the cases are moved now, one after another."))
        elif "refuse" in request.POST:
            services.refuse_migration(**facts, answer=reason)
            messages.success(request, _("The migration is refused."))
        else:
            services.withdraw_migration(**facts)
            messages.success(request, _("The migration is taken back."))


@register_overview_link
def cases_on_older_versions(napp) -> tuple[str, str] | None:
    """On the page of an N-app: how many running cases are on older versions."""
    count = sum(number for _version, number in selectors.older_versions(napp))
    if not count or napp.current is None:
        return None
    said = _("Cases on older versions: %(n)s") % {"n": count}
    return said, f"{reverse(ADD)}?napp={napp.pk}"
