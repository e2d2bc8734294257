"""Published papers, for everybody: nothing here reads the original."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.capabilities.files.selectors import open_content
from platform_core.common.limits import is_within

from .. import selectors
from ..elements import paragraphs
from ..layout import print_paper
from .paper import pdf_headers

PAGE = 20
# Setting pages costs a process: how many an address gets in how many seconds.
PRINTS = (30, 60)


@require_safe
def papers(request):
    """The list, newest first, and a search in it."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    page = Paginator(selectors.published_papers(text), PAGE).get_page(request.GET.get("page"))
    return render(request, "office/papers/public_list.html", {"page": page, "q": text})


@require_safe
def paper(request, key):
    found = selectors.published_paper(key)
    context = {
        "publication": found,
        "paper": found.paper,
        "body": paragraphs(found.content["body"]),
        "attachments": _attachments(found),
    }
    return render(request, "office/papers/public.html", context)


def _attachments(found) -> list[tuple]:
    """[(public title, attachment that everybody gets or None)]."""
    told = [(one.title, file) for one, file in selectors.public_entries(found)]
    return told or [(line, None) for line in paragraphs(found.content["attachments"])]


@require_safe
def file(request, key, number):
    """An attachment that two people let out, under its public title; so many a minute for one
    address.
    """
    found = selectors.published_paper(key)
    entries = selectors.public_entries(found)
    annex, one = entries[number - 1] if 0 < number <= len(entries) else (None, None)
    if one is None:
        raise Http404
    if not is_within(f"paper-files:{request.actor.ip}", *PRINTS):
        return render(request, "documents/not_printed.html", status=429)
    try:
        stored = open_content(one.file)
    except FileNotFoundError:
        raise Http404 from None
    name = f"{annex.title}.{one.file.name.rpartition('.')[2]}"
    answer = FileResponse(
        stored, as_attachment=True, filename=name, content_type=one.file.content_type
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def pdf(request, key):
    """The pages, set from the redacted text alone; so many a minute for one address."""
    found = selectors.published_paper(key)
    if not is_within(f"paper-pages:{request.actor.ip}", *PRINTS):
        return render(request, "documents/not_printed.html", status=429)
    moment = int(found.decided_at.timestamp())
    try:
        content = print_paper(*selectors.public_job(found), moment=moment)
    except Unprintable:
        return render(request, "documents/not_printed.html", status=503)
    answer = HttpResponse(content)
    answer["Content-Disposition"] = f'inline; filename="{found.key}.pdf"'
    return pdf_headers(answer)
