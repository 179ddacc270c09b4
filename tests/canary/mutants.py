"""Photofeed with one of its rules broken: what a canary run must be able to find."""

from tests.timelines.breaking import Edit

ACCESS, RELATIONS = "rules.access", "stores.postgres.relations"

_SEEN = "    return {(viewer_id, one.user.id): one for viewer_id, one in found}\n"

FOUND_SOON = {
    "private accounts show what they have": (
        Edit(ACCESS, "(not relation.is_private or relation.is_followed)", "True"),
    ),
    "how people stand to each other is remembered from one operation to the next": (
        Edit(RELATIONS, "NOBODY = 0\n", "NOBODY = 0\n_REMEMBERED: dict[tuple[int, int], Person] = {}\n"),
        Edit(
            RELATIONS,
            _SEEN,
            "    for viewer_id, one in found:\n"
            "        _REMEMBERED.setdefault((viewer_id, one.user.id), one)\n"
            "    return {pair: _REMEMBERED[pair] for pair in pairs if pair in _REMEMBERED}\n",
        ),
    ),
    "a block works one way": (
        Edit(ACCESS, "not (relation.is_blocked or relation.blocks_viewer)", "not relation.is_blocked"),
    ),
}

FOUND_IN_TIME = {
    "notifications name whom one has muted": (
        Edit("loaders.notifications", "if actor_id in actors)\n    return", "if actors)\n    return"),
    ),
    "a home feed shows whom one no longer follows, or has muted": (
        Edit("services.feed", "import is_in_feed\n", "import is_in_feed, may_see_card\n"),
        Edit("services.feed", "if is_in_feed(", "if may_see_card("),
    ),
}
