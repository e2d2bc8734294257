from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmartCommunityConfig(AppConfig):
    name = "apps.smart_community"
    label = "napp_smart_community"
    verbose_name = _("Smart community")

    def ready(self):
        from . import registrations  # noqa: F401
