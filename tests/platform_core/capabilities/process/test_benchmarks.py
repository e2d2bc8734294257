"""The trial of the engine that `./gov bench engine` runs at full size."""

from platform_core.capabilities.process.benchmarks import walk_at_random


def test_random_walks_never_get_stuck_and_replay_alike():
    found = walk_at_random(25)
    assert found["stuck"] == "0"
    assert found["different when replayed"] == "0"
