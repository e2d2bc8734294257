"""A strict reader of calendar files (RFC 5545), for tests: what it accepts, calendars read."""

from __future__ import annotations

import re

LINE = re.compile(r"(?P<name>[A-Z-]+)(?P<parameters>(?:;[A-Z-]+=[^;:]+)*):(?P<value>.*)", re.S)
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "X-WR-CALNAME", "NAME"}
MOMENT = re.compile(r"\d{8}T\d{6}Z?")


def read(content: bytes) -> dict:
    """{"name", "zones", "events"}: each event {property: (parameters, value)}. AssertionError for
    what the format does not allow.
    """
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in lines)
    plain: list[bytes] = []
    for line in lines:
        if line.startswith(b" "):
            plain[-1] += line[1:]
        else:
            plain.append(line)
    found, open_parts, at = {"name": "", "zones": [], "events": []}, [], None
    top: dict = {}
    for line in plain:
        match = LINE.fullmatch(line.decode())
        assert match, line
        name, value = match["name"], match["value"]
        parameters = dict(one.split("=", 1) for one in match["parameters"].split(";") if one)
        if name == "BEGIN":
            open_parts.append(value)
            at = {} if value in ("VEVENT", "VTIMEZONE") else at
        elif name == "END":
            assert open_parts.pop() == value
            if value == "VEVENT":
                found["events"].append(_checked(at))
            if value == "VTIMEZONE":
                found["zones"].append(at["TZID"][1])
        elif open_parts == ["VCALENDAR"]:
            top[name] = _plain(value) if name in TEXTS else value
        elif open_parts[-1] in ("VEVENT", "VTIMEZONE"):
            assert name not in at, f"{name} twice"
            at[name] = (parameters, _plain(value) if name in TEXTS else value)
    assert not open_parts and top.get("VERSION") == "2.0" and top.get("PRODID")
    uids = [one["UID"][1] for one in found["events"]]
    assert len(uids) == len(set(uids)), "one UID for two events"
    zones = {one["DTSTART"][0].get("TZID") for one in found["events"]} - {None}
    assert zones <= set(found["zones"]), "a zone that is not described"
    return found | {"name": top.get("X-WR-CALNAME", "")}


def _checked(event: dict) -> dict:
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
    assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"][1])
    for key in ("DTSTART", "DTEND"):
        parameters, value = event[key]
        pattern = re.compile(r"\d{8}") if parameters.get("VALUE") == "DATE" else MOMENT
        assert pattern.fullmatch(value), (key, value)
    assert event["DTSTART"][0].get("VALUE") == event["DTEND"][0].get("VALUE")
    return event


def _plain(text: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", text), "a mark that is not escaped"
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)
