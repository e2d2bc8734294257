"""Where officials answer what their organ is asked."""

from django.urls import reverse


def confirmation_page(confirmation) -> str:
    """The office's page of a confirmation."""
    return reverse("office_confirmation", args=[confirmation.pk])
