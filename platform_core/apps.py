from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlatformCoreConfig(AppConfig):
    name = "platform_core"
    verbose_name = _("General capability platform")

    def ready(self):
        from . import registrations  # noqa: F401
        from .napps.code import load_hooks

        load_hooks()
