"""The one door: who may see or do what with which rows is decided here and nowhere else."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404


class Policy:
    """Decides for one model. Subclass it in the module that owns the model and register it."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        """Rows of `queryset` on which `user` may do `verb`. The default is nothing."""
        return queryset.none()

    def may(self, user, verb: str, obj: Model) -> bool:
        """Whether `user` may do `verb` on `obj`; agrees with `visible` unless overridden."""
        return self.visible(user, verb, type(obj)._default_manager.filter(pk=obj.pk)).exists()


_policies: dict[type, Policy] = {}


def register_policy(model: type, policy: Policy) -> None:
    """Make `policy` decide about `model`."""
    _policies[model] = policy


def may(user, verb: str, obj: Model) -> bool:
    """Whether `user` may do `verb` on `obj`. Unregistered models: nobody may."""
    policy = _policies.get(type(obj))
    return bool(policy) and policy.may(user, verb, obj)


def visible_to(user, verb: str, queryset: QuerySet) -> QuerySet:
    """The rows of `queryset` on which `user` may do `verb`. Unregistered models: none."""
    policy = _policies.get(queryset.model)
    return policy.visible(user, verb, queryset) if policy else queryset.none()


def get_or_404(user, verb: str, queryset: QuerySet, **lookup) -> Model:
    """The one row matching `lookup` that `user` may do `verb` on; a stranger gets Http404."""
    try:
        return visible_to(user, verb, queryset).get(**lookup)
    except (queryset.model.DoesNotExist, ValidationError, ValueError, TypeError):
        raise Http404 from None
