from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataPlatformConfig(AppConfig):
    name = "data_platform"
    verbose_name = _("Public data platform")

    def ready(self):
        from . import registrations  # noqa: F401
