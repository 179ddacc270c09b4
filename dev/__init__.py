"""What a developer's machine needs and a deployment brings itself: servers, demo people, one command for all of it."""
