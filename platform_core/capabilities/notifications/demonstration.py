"""What differs for the shared accounts of a demonstration: nobody holds a telephone behind them."""

from django.conf import settings

ON_THIS_MACHINE = {
    "email": ("EMAIL_BACKEND", "platform_core.capabilities.notifications.mail.KeyedFileBackend"),
    "sms": ("SMS_GATEWAY", "platform_core.capabilities.notifications.gateways.FileGateway"),
}


def stays_here(channel: str) -> bool:
    """Whether messages of this channel are only written to files, as in development."""
    name, development = ON_THIS_MACHINE[channel]
    return getattr(settings, name) == development


def may_change(user, channel: str) -> bool:
    """A visitor could otherwise lead a shared account's messages to a stranger."""
    return not user.is_demo or stays_here(channel)


def keeps_its_code(user, channel: str) -> bool:
    """Whether the page may show the code, as it shows that of the second factor."""
    return settings.DEMO and user.is_demo and stays_here(channel)
