from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceHubConfig(AppConfig):
    name = "service_hub"
    verbose_name = _("Public service hub")

    def ready(self):
        from . import registrations  # noqa: F401
