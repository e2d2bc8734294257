"""Keeps personal data and one-time keys out of the logs.

A structlog processor, used for every line.
"""

from __future__ import annotations

import re

from security.identifiers import mask_numbers

MAIL = re.compile(r"\b([\w.+-])[\w.+-]*@([\w-]+\.[\w.-]+)")
QUERY_VALUE = re.compile(r"(?<=[?&])([^=&\s]+)=[^&\s]*")
# Whoever holds the rest of these addresses could act on the account.
KEY_IN_ADDRESS = re.compile(r"(/password/reset/key/|/confirm-email/|/unsubscribe/)[^\s/?]+")


def hide_personal_data(_logger, _name, line: dict) -> dict:
    """The log line with numbers, mail addresses, query values and keys in addresses made
    unreadable.
    """
    return {key: _hidden(value) for key, value in line.items()}


def _hidden(value):
    if isinstance(value, str):
        value = KEY_IN_ADDRESS.sub(r"\1…", QUERY_VALUE.sub(r"\1=…", value))
        return mask_numbers(MAIL.sub(r"\1***@\2", value))
    if isinstance(value, dict):
        return {key: _hidden(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item) for item in value]
    return value
