"""The elements of the catalogue: names, kinds and code lists of GB/T 39554.1 and .2. Pure.

An element is a text under its national name; what has two languages has a second one with "_en".
Forms, spreadsheets, comparisons and guides are all made from the lists below.
"""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BASIC, IMPLEMENTING = "basic", "implementing"

ITEM_TYPES = {
    "01": _("Administrative licence"),
    "02": _("Administrative penalty"),
    "03": _("Administrative coercion"),
    "04": _("Administrative levy"),
    "05": _("Administrative payment"),
    "06": _("Administrative inspection"),
    "07": _("Administrative confirmation"),
    "08": _("Administrative award"),
    "09": _("Administrative ruling"),
    "10": _("Other administrative power"),
    "20": _("Public service"),
}
LEVELS = {
    "1": _("State"),
    "2": pgettext_lazy("level", "Province"),
    "3": pgettext_lazy("level", "City"),
    "4": pgettext_lazy("level", "County"),
    "5": _("Town or street"),
    "6": _("Village or community"),
}
POWER_SOURCES = {
    "1": _("By law at this level"),
    "2": _("Handed down by a higher organ"),
    "3": _("Authorised by a higher organ"),
    "4": _("Authorised by an organ of the same level"),
    "5": _("Entrusted by a higher organ"),
    "6": _("Entrusted by an organ of the same level"),
}
ENTRUSTED = {"5", "6"}
ORGAN_NATURES = {
    "1": _("Organ by law"),
    "2": _("Authorised organisation"),
    "3": _("Entrusted organisation"),
}
AUDIENCES = {
    "1": _("Natural persons"),
    "2": _("Enterprises"),
    "3": _("Public institutions"),
    "4": _("Social organisations"),
    "5": _("Enterprises without legal person"),
    "6": _("Administrative organs"),
    "9": pgettext_lazy("audience", "Others"),
}
HANDLING_TYPES = {"1": _("Handled at once"), "2": _("Handled within a promised time")}
AT_ONCE = "1"
DAY_TYPES = {"1": _("Working days"), "2": _("Calendar days")}
WORKING_DAYS = "1"
DEPTHS = {
    "1": _("Advice online"),
    "2": _("Intake online"),
    "3": _("Preliminary check online"),
    "4": _("Acceptance online"),
    "5": _("Handling online"),
    "6": _("Result online"),
    "7": _("Electronic certificate"),
    "9": pgettext_lazy("depth", "Other"),
}
RANGES = {
    "1": _("In the whole country"),
    "2": _("Across provinces"),
    "3": _("Across cities"),
    "4": _("Across counties"),
    "5": _("Only on site"),
}
RESULTS = {
    "10": _("Certificate"),
    "20": _("Official approval"),
    "40": pgettext_lazy("result", "Other"),
}
YES_NO = {"0": _("No"), "1": _("Yes")}

GROUPS = {
    "power": _("Power and basis"),
    "whom": _("For whom"),
    "time": _("Time limits"),
    "how": _("Conditions and handling"),
    "fee": pgettext_lazy("elements", "Fee"),
    "result": _("Result"),
    "where": _("Place, hours and contact"),
    "dates": pgettext_lazy("elements", "In force"),
}


@dataclass(frozen=True)
class Element:
    """One element. `kind`: "text", "long", "choice", "choices", "number", "day" or "url"."""

    key: str
    label: object
    group: str
    kind: str = "text"
    choices: dict | None = None
    required: bool = False
    most: int = 200
    two_languages: bool = False
    is_english: bool = False


def _both(one: Element) -> list[Element]:
    if not one.two_languages:
        return [one]
    return [
        one,
        replace(one, key=f"{one.key}_en", required=False, most=2 * one.most, is_english=True),
    ]


def _all(*elements: Element) -> dict[str, Element]:
    return {each.key: each for one in elements for each in _both(one)}


def _words(key: str, label, group: str, kind: str = "text", **more) -> Element:
    return Element(key, label, group, kind, two_languages=True, **more)


def _pick(key: str, label, group: str, choices: dict, **more) -> Element:
    return Element(key, label, group, "choice", choices, **({"required": True} | more))


FROM = Element("plan_effective_date", _("In force from"), "dates", "day", required=True)
UNTIL = Element("plan_cancel_date", _("Cancelled on"), "dates", "day")

BASIC_ELEMENTS = _all(
    _words("task_name", pgettext_lazy("item", "Name"), "power", required=True, most=200),
    _words("by_law", _("Legal basis, one per line"), "power", "long", required=True, most=2000),
    Element("parent_code", _("Code of the main item"), "power", most=12),
    _pick("use_level", _("Level that owns it"), "power", LEVELS),
    FROM,
    UNTIL,
)
IMPLEMENTING_ELEMENTS = _all(
    _pick("use_level", _("Level of exercise"), "power", LEVELS),
    _pick("power_source", _("Source of the power"), "power", POWER_SOURCES),
    _pick("dept_type", _("Nature of the organ"), "power", ORGAN_NATURES),
    Element("entrust_name", _("Entrusting organ"), "power"),
    Element("server_type", _("Who it serves"), "whom", "choices", AUDIENCES, required=True),
    _pick("project_type", _("Type of handling"), "time", HANDLING_TYPES),
    _pick("day_type", _("Days are"), "time", DAY_TYPES),
    Element("anticipate_day", _("Days by law"), "time", "number", required=True, most=365),
    _words("anticipate_explain", _("About the limit by law"), "time", most=400),
    Element("promise_day", _("Promised days"), "time", "number", required=True, most=365),
    _words("promise_explain", _("About the promise"), "time", most=400),
    _words("special_procedure", _("Special procedures not counted"), "time", most=400),
    _words("accept_condition", _("Conditions"), "how", "long", most=2000),
    _words("handle_flow", _("Flow, one step per line"), "how", "long", most=2000),
    Element("limit_scene_num", _("Visits in person"), "how", "number", required=True, most=9),
    _pick("online_depth", _("Depth online"), "how", DEPTHS),
    _pick("handle_area", _("Handled across"), "how", RANGES),
    _pick("is_entry_center", _("Stands in the service hall"), "how", YES_NO),
    Element("other_dept", _("Joint organs"), "how", most=400),
    Element("service_type", _("Intermediary services"), "how", most=400),
    _words("limit_explain", _("Limit of numbers"), "how", most=400),
    _pick("is_fee", _("Is there a fee?"), "fee", YES_NO),
    _words("fee_explain", _("What it costs"), "fee", most=400),
    Element("fee_basis", _("Basis of the fee"), "fee", most=400),
    _pick("result_type", _("Type of result"), "result", RESULTS),
    _words("result_name", _("Name of the result"), "result", required=True),
    _words("transact_addr", _("Place"), "where", required=True),
    _words("transact_time", _("Hours"), "where", required=True),
    Element("link_way", _("Phone"), "where", required=True),
    Element("supervise_way", _("Phone for complaints"), "where", required=True),
    Element("link_addr", _("Address online"), "where", "url"),
    Element("mobile_url", _("Address for phones"), "where", "url"),
    FROM,
    UNTIL,
)
ELEMENTS = {BASIC: BASIC_ELEMENTS, IMPLEMENTING: IMPLEMENTING_ELEMENTS}
# What an implementing item has from its basic item and cannot change (四级四同: Guofa 2018/27).
INHERITED = {
    "catalog_code": _("Basic code"),
    "task_name": pgettext_lazy("item", "Name"),
    "by_law": _("Legal basis"),
    "task_type": _("Item type"),
}


def grouped(kind: str) -> list[tuple[object, list[Element]]]:
    """[(title of the group, its elements)] in the order of the groups, without empty ones."""
    found = []
    for group, title in GROUPS.items():
        members = [one for one in ELEMENTS[kind].values() if one.group == group]
        if members:
            found.append((title, members))
    return found


def words_of(element: Element, value: str) -> str:
    """A value as people read it: codes as words."""
    if not value or element.choices is None:
        return value or ""
    return " · ".join(str(element.choices.get(code, code)) for code in value.split(","))
