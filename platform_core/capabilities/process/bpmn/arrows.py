"""Where the arrows of a diagram run: along the axis, around corners, or back below everything."""

from __future__ import annotations

from collections.abc import Iterator

from .shapes import Element, Flow, Graph

STEP, ASIDE = 8, 60


def waypoints(graph: Graph) -> Iterator[tuple[Flow, list[tuple[float, float]]]]:
    """Each flow of `graph`, whose elements have their places, with its bends."""
    by_id = {element.id: element for element in graph.elements}
    below = 0
    for flow in graph.flows:
        source, target = by_id[flow.source], by_id[flow.target]
        if flow.way == "back":
            yield flow, _back(source, target, graph.floor + below)
            below += STEP
        else:
            yield flow, WAYS[flow.way](source, target)


def _forward(source: Element, target: Element) -> list:
    start, end = _right(source), _left(target)
    if start[1] == end[1]:
        return [start, end]
    middle = (start[0] + end[0]) / 2
    return [start, (middle, start[1]), (middle, end[1]), end]


def _open(source: Element, target: Element) -> list:
    """Out of a gateway, up or down, then to the right."""
    x, y = source.middle
    end = _left(target)
    if end[1] == y:
        return [_right(source), end]
    return [(x, source.y if end[1] < y else source.y + source.h), (x, end[1]), end]


def _close(source: Element, target: Element) -> list:
    """To the right, then up or down into a gateway."""
    start = _right(source)
    x, y = target.middle
    if start[1] == y:
        return [start, _left(target)]
    return [start, (x, start[1]), (x, target.y if start[1] < y else target.y + target.h)]


def _down(source: Element, target: Element) -> list:
    """To what hangs below; around what hangs between."""
    x = source.middle[0]
    start, end = (x, source.y + source.h), (target.middle[0], target.y)
    if end[1] - start[1] < 60:
        return [start, end] if start[0] == end[0] else [start, (x, end[1]), end]
    aside = x + ASIDE - 6
    y = target.middle[1]
    return [_right(source), (aside, source.middle[1]), (aside, y), _right(target)]


def _go_left(source: Element, target: Element) -> list:
    x, y = target.middle[0], source.middle[1]
    return [(source.x, y), (x, y), (x, target.y + target.h)]


def _back(source: Element, target: Element, floor: float) -> list:
    x, y = source.middle
    start = [(x, source.y + source.h), (x, floor)]
    if source.facts.get("is_outcome"):
        # Beside what hangs below the gateway.
        start = [_right(source), (x + ASIDE, y), (x + ASIDE, floor)]
    to = target.middle[0]
    return [*start, (to, floor), (to, target.y + target.h)]


def _right(element: Element) -> tuple[float, float]:
    return element.x + element.w, element.middle[1]


def _left(element: Element) -> tuple[float, float]:
    return element.x, element.middle[1]


WAYS = {"forward": _forward, "open": _open, "close": _close, "down": _down, "left": _go_left}
