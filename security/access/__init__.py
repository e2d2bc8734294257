from .registry import Policy, get_or_404, may, register_policy, visible_to

__all__ = ["Policy", "get_or_404", "may", "register_policy", "visible_to"]
