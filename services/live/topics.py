"""What can be followed live. A unit of work wakes those who follow a topic."""

PUBLICATIONS = "publications"


def inbox(user_id: int) -> str:
    return f"inbox:{user_id}"


def comments(post_id: int) -> str:
    return f"comments:{post_id}"


def post(post_id: int) -> str:
    return f"post:{post_id}"
