"""A market organ with a clerk and a reviewer, and somebody who claims a firm there."""

from service_hub.claims import services
from tests.factories import (
    actor_of,
    credit_code,
    make_citizen,
    make_department,
    make_official,
    make_region,
)
from tests.service_hub.makers import photo

NAME = "杭州晓风餐饮有限公司"


def make_organ():
    """(department, clerk, reviewer) of the market organ of a county."""
    region = make_region("330106")
    department = make_department("market", region=region)
    clerk = make_official(department=department, duties=("clerk",))
    return department, clerk, make_official(department=department, duties=("reviewer",))


def make_claim(person=None, code=""):
    """A claim that was sent just now."""
    person = person or make_citizen()
    return services.send_claim(
        actor=actor_of(person), credit_code=code or credit_code(), name=NAME,
        region=make_region("330106"), licence=photo(actor_of(person))[0],
    )  # fmt: skip
