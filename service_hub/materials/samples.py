"""What organs have shared about the sample people and firms, so that they are asked for less."""

from datetime import timedelta

from django.utils import timezone

from platform_core.common.samples import register_sample
from security.accounts.models import Firm, User
from security.accounts.selectors import identity_of
from security.organs.selectors import department_for, region_by_code

from .models import SharedFact

# kind: (organ that shares it, what it says)
OF_PEOPLE = {
    "housing_fund_account": (
        "housing_fund",
        "连续缴存，账户正常",
        "Paid without a gap",
    ),
    "no_home": ("housing", "名下无住房登记", "No home is registered in this name"),
    "insurance_record": ("social_security", "缴费满 12 个月", "Contributions for 12 months"),
    "household_book": ("police", "户籍信息一致", "Entered in the household register"),
    "portrait": ("police", "有证件照片", "A photo is on file"),
    "birth_certificate": ("health", "出生医学证明有效", "The birth certificate is valid"),
}
# What changes with every month is asked anew after half a year.
KEPT_DAYS = {"housing_fund_account": 180, "insurance_record": 180, "firm_insurance_record": 180}
OF_FIRMS = {"firm_insurance_record": ("social_security", "按时缴费", "Contributions paid in time")}


@register_sample("shared data", order=45)
def shared_facts() -> str:
    """A fact of each kind for every sample person and firm; nothing when there are some."""
    if SharedFact.objects.exists():
        return "0 added"
    made = []
    for user in User.objects.filter(kind=User.Kind.CITIZEN, is_demo=True):
        identity = identity_of(user)
        region = region_by_code(identity.citizen_number[:6]) if identity else None
        made += _of(OF_PEOPLE, region, user=user)
    for firm in Firm.objects.exclude(region=None).select_related("region"):
        made += _of(OF_FIRMS, firm.region, firm=firm)
    SharedFact.objects.bulk_create(made)
    return f"{len(made)} added"


def _of(kinds: dict, region, **subject) -> list[SharedFact]:
    on = timezone.localdate() - timedelta(days=3)
    found = []
    for kind, (organ, zh, en) in kinds.items():
        department = department_for(organ, region) if region else None
        if department is not None:
            found.append(
                SharedFact(
                    kind=kind,
                    department=department,
                    value={"zh": zh, "en": en},
                    as_of=on,
                    valid_until=on + timedelta(days=KEPT_DAYS[kind]) if kind in KEPT_DAYS else None,
                    **subject,
                )
            )
    return found
