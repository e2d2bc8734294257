"""Where officials read a case as a whole."""

from django.urls import reverse


def case_page(case) -> str:
    """The office's page of a case."""
    return reverse("office_case", args=[case.pk])
