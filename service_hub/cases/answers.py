"""Whether two applications say the same: a keyed index of their answers. No answer can be read
back from it.
"""

import json
import unicodedata

from security.crypto import blind_index

# What differs between two sendings of the same application, or says nothing about the matter.
LEFT_OUT = {"attachment", "signature", "note", "computed"}


def normalised(value):
    """A value in which case, width of characters and blanks do not matter."""
    if isinstance(value, str):
        return "".join(unicodedata.normalize("NFKC", value).casefold().split())
    if isinstance(value, dict):
        return {key: normalised(one) for key, one in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [normalised(one) for one in value]
    return value


def index_of_answers(form, values: dict) -> str:
    """The index of the answers that count, given as rules read them; "" without any."""
    kept = {one.key for one in form.questions() if one.type not in LEFT_OUT}
    said = {key: normalised(value) for key, value in sorted(values.items()) if key in kept}
    said = {key: value for key, value in said.items() if value not in (None, "", [], False)}
    if not said:
        return ""
    return blind_index(json.dumps(said, sort_keys=True, default=str), "case answers")
