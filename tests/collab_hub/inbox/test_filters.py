import pytest
from django.http import Http404

from collab_hub.inbox import selectors, services
from collab_hub.inbox.query import InboxQuery
from platform_core.common.errors import Unusable
from security.audit.models import AuditEntry
from tests.factories import actor_of

LATE = InboxQuery(due="late")


def save(user, name="Late ones", query=LATE):
    return services.save_filter(actor=actor_of(user), name=name, query=query)


def test_a_kept_view_is_found_again_under_its_name(clerk):
    save(clerk, "  Late   ones ")
    (kept,) = selectors.saved_filters(clerk)
    assert (kept.name, kept.query) == ("Late ones", "due=late")
    assert AuditEntry.objects.filter(verb="inbox.save_filter", actor=clerk).exists()


def test_kept_views_stay_in_the_order_they_were_made(clerk):
    for name in ("b", "a", "c"):
        save(clerk, name)
    assert [kept.name for kept in selectors.saved_filters(clerk)] == ["b", "a", "c"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "\x00"])
def test_a_name_that_cannot_be_kept_is_refused(clerk, name):
    with pytest.raises(Unusable) as refused:
        save(clerk, name)
    assert "name" in refused.value.errors


def test_a_name_is_taken_once_for_each_person(clerk, other_clerk):
    save(clerk)
    save(other_clerk)
    with pytest.raises(Unusable):
        save(clerk)


def test_there_is_an_end_to_keeping(clerk):
    for number in range(services.MAX_FILTERS):
        save(clerk, f"filter {number}")
    with pytest.raises(Unusable):
        save(clerk, "one more")


def test_renaming_and_removing(clerk):
    kept = save(clerk)
    actor = actor_of(clerk)
    services.rename_filter(actor=actor, filter_id=kept.pk, name="Overdue 𠮷")
    assert [one.name for one in selectors.saved_filters(clerk)] == ["Overdue 𠮷"]
    services.delete_filter(actor=actor, filter_id=kept.pk)
    assert selectors.saved_filters(clerk) == []


def test_nobody_touches_the_views_of_somebody_else(clerk, other_clerk):
    kept = save(clerk)
    actor = actor_of(other_clerk)
    with pytest.raises(Http404):
        services.rename_filter(actor=actor, filter_id=kept.pk, name="mine")
    with pytest.raises(Http404):
        services.delete_filter(actor=actor, filter_id=kept.pk)
    assert selectors.saved_filters(other_clerk) == []
