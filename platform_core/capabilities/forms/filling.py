"""What sources know, put into a draft."""

from . import storage
from .models import Draft
from .sources import filled_in


def fill_in(
    draft: Draft, form, typed: dict, actor, part=None, defaults: dict | None = None
) -> None:
    """Answer what is still empty in `typed` from the sources, and remember where it comes from.

    A locked answer is the source's whatever was typed before. What only an invited person may
    answer is filled in from what is known of them, when they open their `part`. `defaults` of the
    author stand where nothing else does. The caller saves the row.
    """
    known = filled_in(form, actor, draft.napp_version)
    theirs = {
        question.key
        for one in form.parts
        if (one == part if part else one.needed)
        for question in form.fields_of(one)
    }
    known = {key: one for key, one in known.items() if (key in theirs) == (part is not None)}
    is_locked = {question.key for question in form.questions() if question.locked}
    taken = {
        key: one
        for key, one in known.items()
        if key in is_locked or typed.get(key) in (None, "", [])
    }
    values = (defaults or {}) | typed | {key: one.value for key, one in taken.items()}
    filled = storage.unpack(draft.filled, "draft", draft.pk)
    filled |= {key: one.value for key, one in taken.items()}
    draft.data = storage.pack(form, values, "draft", draft.pk)
    draft.filled = storage.pack(form, filled, "draft", draft.pk)
    invited = {"for": "invited"} if part is not None else {}
    draft.sources = draft.sources | {
        key: one.facts | invited | ({"locked": True} if key in is_locked else {})
        for key, one in taken.items()
    }
