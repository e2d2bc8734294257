"""Hits of the search as the portal links them."""

from service_hub.finding.selectors import Answer
from service_hub.items.selectors import SERVICE

from .ends import link

MOST_OF_A_KIND = 4


def other_hits(request, answer: Answer) -> list[dict]:
    """What else answers besides services, by kind: [{title, hits: [{what, url}]}]."""
    return [
        {
            "title": title,
            "hits": [
                {"what": hit.what, "url": address_of(request, hit.what)}
                for hit in hits[:MOST_OF_A_KIND]
            ],
        }
        for title, hits in answer.others(SERVICE)
    ]


def address_of(request, what) -> str:
    """Where a findable leads at this end."""
    return link(request, what.view, *what.args)
