import uuid

import pytest
import redis
from django.conf import settings

from .processes import Tree


@pytest.fixture
def processes(transactional_db, tmp_path):
    """An empty tree of processes; whatever was started is gone before the database is emptied."""
    queue = f"faults-{uuid.uuid4().hex[:8]}"
    tree = Tree(tmp_path, queue)
    yield tree
    tree.stop()
    redis.Redis.from_url(settings.REDIS_URL).delete(queue)


@pytest.fixture
def tree(processes):
    """Relay and worker under way."""
    processes.start("worker")
    processes.start("relay")
    return processes
