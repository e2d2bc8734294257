"""Everybody may read a service item; administrators suspend and resume it."""

from security.access import register_policy
from security.access.policies import PublicPolicy

from .models import ServiceItem

register_policy(ServiceItem, PublicPolicy())
