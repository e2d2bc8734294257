"""Published papers, for everybody: nothing here reads the original."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platform_core.capabilities.documents.typesetting import Unprintable
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
        "attachments": paragraphs(found.content["attachments"]),
    }
    return render(request, "office/papers/public.html", context)


@require_safe
def pdf(request, key):
    """The pages, set from the redacted text alone; so many a minute for one address."""
    found = selectors.published_paper(key)
    if not is_within(f"paper-pages:{request.actor.ip}", *PRINTS):
        return render(request, "documents/not_printed.html", status=429)
    moment = int(found.decided_at.timestamp())
    try:
        content = print_paper(selectors.public_job(found), moment=moment)
    except Unprintable:
        return render(request, "documents/not_printed.html", status=503)
    answer = HttpResponse(content)
    answer["Content-Disposition"] = f'inline; filename="{found.key}.pdf"'
    return pdf_headers(answer)
