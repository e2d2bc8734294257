import uuid

import pytest
import redis
from django.conf import settings

from .processes import Tree


@pytest.fixture
def tree(transactional_db, tmp_path):
    """Relay and worker under way; they are gone before the database is emptied."""
    queue = f"faults-{uuid.uuid4().hex[:8]}"
    tree = Tree(tmp_path, queue)
    tree.start("worker")
    tree.start("relay")
    yield tree
    tree.stop()
    redis.Redis.from_url(settings.REDIS_URL).delete(queue)
