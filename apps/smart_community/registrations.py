"""What the N-app registers: who may do what, grids as an audience, its menu entry and samples."""

from django.utils.translation import pgettext_lazy

from platform_core.common.audiences import AudienceKind, register_audience_kind

from . import menus, policies, samples, selectors  # noqa: F401

register_audience_kind(
    AudienceKind(
        "grid",
        pgettext_lazy("community", "Grids"),
        choices=selectors.choices,
        people=selectors.people,
        names=selectors.names,
    )
)
