from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "collab_hub.office"
    label = "office"
    verbose_name = _("Collaborative office platform")

    def ready(self):
        from . import registrations  # noqa: F401
