"""Who stands at the window: found by what their papers say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from platform_core.common.errors import NotAllowed, Unusable
from security.accounts.selectors import (
    firm_by_credit_code,
    identity_of,
    profile_answers,
    user_with_number,
)
from security.actors import Actor
from security.identifiers import (
    citizen_number_problem,
    credit_code_problem,
    mobile_problem,
    normalise,
)


@dataclass(frozen=True)
class Person:
    """Who stands at the window, as their papers say; `credit_code` when they come for a firm."""

    name: str = ""
    citizen_number: str = ""
    mobile: str = ""
    credit_code: str = ""


def found_person(person: Person, item) -> tuple:
    """(firm, account, citizen number) of whoever came; with a firm the other two may be empty."""
    errors: dict[str, list[str]] = {}
    if person.mobile.strip() and (problem := mobile_problem(person.mobile)):
        errors["mobile"] = [problem]
    if person.credit_code.strip():
        return _firm(person, item, errors), None, ""
    if item.audience == ["firm"]:
        errors["credit_code"] = [_("This service is for firms. Enter the firm's credit code.")]
    number = normalise(person.citizen_number)
    if problem := citizen_number_problem(number):
        errors["citizen_number"] = [problem]
    if not 2 <= len(" ".join(person.name.split())) <= 50:
        errors["name"] = [_("Enter the name as it stands on the identity card.")]
    user = None if errors else user_with_number(number)
    if user and plain_name(identity_of(user).real_name) != plain_name(person.name):
        errors["name"] = [_("This name does not belong to this number. Compare the card again.")]
    if errors:
        raise Unusable(errors)
    return None, user, number


def plain_name(name: str) -> str:
    return "".join(name.split())


def _firm(person: Person, item, errors: dict):
    code = normalise(person.credit_code)
    if problem := credit_code_problem(code):
        errors["credit_code"] = [problem]
    elif "firm" not in item.audience:
        errors["credit_code"] = [_("This service is for people, not for firms.")]
    firm = None if errors else firm_by_credit_code(code)
    if firm is None and not errors:
        errors["credit_code"] = [_("No firm with this code is entered here.")]
    if errors:
        raise Unusable(errors)
    return firm


def not_oneself(actor: Actor, user, number: str) -> None:
    own = identity_of(actor.user)
    if (user and user == actor.user) or (own and number and own.citizen_number == number):
        raise NotAllowed(_("A colleague takes in what concerns you yourself."))


def name_of(intake) -> str:
    """The name under which the case of an intake is filed."""
    if intake.firm_id:
        return intake.firm.name
    return profile_answers(intake.applicant).get("name", "") or intake.name
