"""In which order computed values are worked out, and the circle when there is no such order."""

from .checks import fields_used


class Circle(Exception):
    """Values that wait for one another. `keys` runs round once: ["a", "b", "a"]."""

    def __init__(self, keys: list[str]):
        self.keys = keys
        super().__init__(" → ".join(keys))


def order_of(trees: dict[str, object]) -> list[str]:
    """The keys of `trees` (key of a computed value → its rule), each after those that it uses.

    Keys that are not computed do not matter. The order is the given one wherever the rules leave a
    choice. Raises Circle. Never recurses, so a chain of any length is ordered.
    """
    place = {key: number for number, key in enumerate(trees)}
    needs = {
        key: sorted(fields_used(tree) & place.keys(), key=place.__getitem__)
        for key, tree in trees.items()
    }
    done: dict[str, bool] = {}
    for start in trees:
        trail: list[tuple[str, int]] = [(start, 0)] if start not in done else []
        while trail:
            key, at = trail.pop()
            done.setdefault(key, False)
            while at < len(needs[key]) and done.get(needs[key][at]):
                at += 1
            if at == len(needs[key]):
                done[key] = True
                ordered = done.pop(key)
                done[key] = ordered
                continue
            trail.append((key, at))
            following = needs[key][at]
            if following in done:
                names = [one for one, _at in trail]
                raise Circle([*names[names.index(following) :], following])
            trail.append((following, 0))
    return list(done)
