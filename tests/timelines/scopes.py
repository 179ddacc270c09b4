"""What an example is about. Few kinds of events, often, find what many kinds together would take long to come to."""

SCOPES = {
    "rebuilds": {"post", "rebuild", "evict"},
    "trims": {"post", "post_unheard", "rebuild", "unfollow"},
    "late posts": {"draft", "publish_late", "delete", "unfollow", "refresh"},
    "late pushes": {"post", "post_unheard", "delete", "rebuild"},
    "follows": {"post", "follow", "unfollow", "refresh"},
    "follows alone": {"follow", "unfollow", "refresh"},
    "many follows": {"post", "follow", "unfollow", "rebuild"},
    "pulled follows": {"post", "follow", "unfollow", "reclassify"},
    "classes": {"post", "reclassify", "rebuild", "let_pass"},
    "pages": {"post", "delete", "unfollow", "see_all", "rebuild"},
    "walks": {"post", "delete", "follow", "unfollow", "walk", "walk_on"},
    "reads": {"post", "post_unheard", "rebuild", "evict", "read"},
    "reads and follows": {"post", "reclassify", "follow", "unfollow", "read"},
    "requests": {"post", "follow", "unfollow", "accept", "decline", "refresh"},
    "privacy": {"post", "follow", "unfollow", "accept", "go_private", "go_public"},
    "privacy alone": {"follow", "unfollow", "go_private", "go_public", "repeat_job"},
    "blocks": {"post", "follow", "block", "unblock", "refresh", "rebuild"},
    "blocked requests": {"post", "follow", "unfollow", "accept", "go_private", "go_public", "block", "unblock"},
    "mutes": {"post", "mute", "unmute", "see_all", "rebuild", "refresh"},
    "reads and blocks": {"post", "rebuild", "follow", "block", "unblock", "read"},
    "mutes and walks": {"post", "delete", "mute", "unmute", "walk", "walk_on", "read"},
    "troubles": {"post", "refresh", "rebuild", "repeat_job", "step_into_trouble", "kill", "restart_redis"},
}
"""Where there are requests, some accounts are private from the start, and those who follow nobody have asked to."""
