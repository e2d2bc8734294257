from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "service_hub.portal"
    label = "portal"
    verbose_name = _("Government service platform")

    def ready(self):
        from . import registrations  # noqa: F401
