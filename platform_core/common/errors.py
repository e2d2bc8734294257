"""Refusals that a service raises and a view translates: never a 500, always the reason."""


class Conflict(Exception):
    """Somebody else was faster, or the thing is no longer in the state this action needs.

    `str(error)` is for the person; `facts` is for the API, e.g. who did it and when.
    """

    def __init__(self, message, **facts):
        super().__init__(message)
        self.facts = facts


class Unusable(Exception):
    """Answers that cannot be used: `errors` maps a field path to its messages."""

    def __init__(self, errors: dict[str, list[str]]):
        super().__init__(next(iter(errors.values()), [""])[0] if errors else "")
        self.errors = errors


class NotAllowed(Exception):
    """The actor may see the thing but not do this to it; `str(error)` says which role may."""
