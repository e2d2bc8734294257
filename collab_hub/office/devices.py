"""What a device is called until its owner says otherwise. Pure."""

from django.utils.translation import gettext as _

MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
# The first that is named counts: most browsers also give the names of those they descend from.
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("HuaweiBrowser", "Huawei"), ("MiuiBrowser", "Mi"), ("UCBrowser", "UC"), ("QQBrowser", "QQ"),
    ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def name_of(user_agent: str) -> str:
    """A name such as "Android, Chrome" for the browser that sends this User-Agent."""
    found = [
        next((name for mark, name in marks if mark in user_agent), "")
        for marks in (MACHINES, BROWSERS)
    ]
    return ", ".join(filter(None, found)) or _("My device")
