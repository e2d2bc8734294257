from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CollabHubConfig(AppConfig):
    name = "collab_hub"
    verbose_name = _("Internal collaboration hub")

    def ready(self):
        from . import registrations  # noqa: F401
