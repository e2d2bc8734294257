"""Figures of collections: which sums stand above an answer, and tables of a region's children."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from .models import ReportAnswer, ReportCampaign, ReportFilling
from .rollup import Leaf, Total, chain, roll_up
from .selectors import campaign_answers, columns_of, fillings_below, regions_at
from .values import shown, shown_amount


def figures_above(place: ReportAnswer) -> dict[str, Total]:
    """{path of a region: figure of the answer's column} from the answer's organ up to the top."""
    campaign, column = place.filling.campaign, place.column
    own = place.filling.department.region.path
    rows = campaign.fillings.select_related("department__region")
    said = {
        one.filling_id: one.value
        for one in ReportAnswer.objects.filter(column=column).select_related("value")
    }
    leaves = [_leaf(one, said.get(one.pk)) for one in rows]
    totals = roll_up(leaves, column.version.aggregation, campaign.region.path)
    return {path: totals[path] for path in chain(own, campaign.region.path)}


def _leaf(filling: ReportFilling, value) -> Leaf:
    """What is prefilled counts before the organ has submitted, too: it is known."""
    organ = filling.department
    return Leaf(organ.name, organ.region.path, getattr(value, "amount", None),
                getattr(value, "at", None))  # fmt: skip


@dataclass
class Cell:
    """A figure as pages show it; `missing` names the organs that it lacks."""

    column: object
    text: str = ""
    url: str = ""
    missing: tuple[str, ...] = ()
    is_missing: bool = False


@dataclass
class Row:
    """A region, or an organ, with a figure for each column."""

    title: object
    code: str = ""
    filling: ReportFilling | None = None
    cells: list[Cell] = field(default_factory=list)
    asked: int = 0
    done: int = 0
    signed: int = 0
    late: int = 0
    is_total: bool = False

    @property
    def open(self) -> int:
        return self.asked - self.done


def table(
    user, campaign: ReportCampaign, region, now, *, only_signed: bool = False
) -> tuple[list, list[Row]]:
    """(columns, rows): the total of `region` on top, then the regions one level below it, each an
    organ of its own where the tree ends; of organs that the official may read. With `only_signed`
    sums hold what was signed off, and name the rest as missing. Four queries whatever the size.
    """
    columns = columns_of(campaign)
    fillings = fillings_below(user, campaign, region.path)
    found = campaign_answers(campaign, region.path)
    final = {one.pk for one in fillings if one.signed_at or not only_signed}
    answers = {(one.filling_id, one.column_id): one for one in found if one.filling_id in final}
    sums = [_sums(fillings, answers, column, region.path) for column in columns]
    below: dict[str, list] = {}
    for one in fillings:
        below.setdefault(_step(one, region.path), []).append(one)
    regions = regions_at([*below, region.path])
    late = campaign.due_at < now
    rows = [_region_row(region, fillings, columns, sums, late, is_total=True)]
    for path in sorted(below):
        own = [one for one in below[path] if one.department.region.path == path]
        if len(own) == len(below[path]):
            rows += [_organ_row(one, columns, answers, late) for one in own]
        elif path in regions:
            rows.append(_region_row(regions[path], below[path], columns, sums, late))
    return columns, rows


def _step(filling: ReportFilling, path: str) -> str:
    """The path of the region one level below `path` in which the organ lies."""
    own = filling.department.region.path
    rest = own[len(path) :].split("/", 1)[0]
    return f"{path}{rest}/" if rest else path


def _sums(fillings, answers, column, root: str) -> dict[str, Total]:
    leaves = []
    for one in fillings:
        answer = answers.get((one.pk, column.pk))
        leaves.append(_leaf(one, answer.value if answer else None))
    return roll_up(leaves, column.version.aggregation, root)


def _region_row(region, fillings, columns, sums, late: bool, is_total: bool = False) -> Row:
    done = sum(one.state == "submitted" for one in fillings)
    cells = [_sum_cell(column, total.get(region.path)) for column, total in
             zip(columns, sums, strict=True)]  # fmt: skip
    return Row(region, region.code, None, cells, len(fillings), done,
               sum(one.signed_at is not None for one in fillings),
               len(fillings) - done if late else 0, is_total)  # fmt: skip


def _sum_cell(column, total: Total | None) -> Cell:
    if total is None or column.version.aggregation == "none":
        return Cell(column)
    return Cell(column, shown_amount(total.amount), missing=total.missing)


def _organ_row(filling, columns, answers, late: bool) -> Row:
    done = int(filling.state == "submitted")
    cells = [_answer_cell(column, answers.get((filling.pk, column.pk))) for column in columns]
    return Row(filling.department, filling.department.region.code, filling, cells, 1, done,
               int(filling.signed_at is not None), 1 - done if late else 0)  # fmt: skip


def _answer_cell(column, answer: ReportAnswer | None) -> Cell:
    if answer is None:
        return Cell(column, is_missing=True)
    url = reverse("report_value", args=[answer.filling_id, column.version.field.code])
    return Cell(column, shown(column.version, answer.value), url)
