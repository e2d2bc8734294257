"""What a person is told when nothing was done, and what they wrote for it, given back."""

from django.contrib import messages

from .resending import written

WROTE = "wrote"


def say_refused(request, error) -> None:
    """Say on the next page why nothing was done, with what was written so that it is not lost."""
    messages.warning(request, str(error))
    for text in written(request.POST.items()):
        messages.info(request, text, extra_tags=WROTE)
