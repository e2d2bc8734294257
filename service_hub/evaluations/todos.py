"""What waits for whoever gave a bad rating: to say whether it is solved."""

from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from service_hub.todos import Todo, register_todo

from .selectors import answers_to_confirm
from .tokens import receipt_of


@register_todo
def answers_of_offices(actor) -> list[Todo]:
    """Bad ratings that an office has answered and the person has not said anything about."""
    if actor.firm:
        return []
    return [
        Todo(
            f"confirm:{order.pk}",
            _("Is it solved?"),
            pick(order.evaluation.item.title) if order.evaluation.item else "",
            "my_rating",
            (receipt_of(order.evaluation_id),),
            order.due_at,
            "message-circle",
        )
        for order in answers_to_confirm(actor.user)
    ]
