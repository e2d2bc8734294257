"""The office as an app on a phone."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.webapps import WebApp, register_webapp

register_webapp(
    WebApp(
        end="office",
        name=_("Govplatform Office"),
        short_name=pgettext_lazy("brand", "Office"),
        description=_("Tasks, notices and documents of civil servants in one inbox."),
        start="office:home",
        shortcuts=(
            (pgettext_lazy("menu", "Inbox"), "office:inbox"),
            (pgettext_lazy("notices", "Notices"), "notices:received"),
            (_("Messages"), "office:messages"),
        ),
    )
)
