"""What these tests do again and again."""

from jobs import running
from jobs.routes import QUEUES
from tests.push_receiver import Answer, Device, Receiver
from tests.world import Person, World

REGISTER = """mutation ($input: RegisterPushSubscriptionInput!) {
  registerPushSubscription(input: $input) { userErrors { code field message } }
}"""
COMMENT = """mutation ($input: AddCommentInput!) {
  addComment(input: $input) { comment { id } userErrors { code field message } }
}"""


async def device_of(world: World, receiver: Receiver, owner: Person, *answers: Answer) -> Device:
    """A browser that somebody has subscribed with; what its push service says first."""
    device = receiver.device(*answers)
    await world.do(owner, REGISTER, input=device.subscription)
    return device


async def comment(world: World, author: Person, post_id: str, text: str = "Nice.") -> str:
    """Gives its id. Nobody is told of it before the jobs run."""
    made = await world.do(author, COMMENT, input={"postId": post_id, "text": text})
    return str(made["comment"]["id"])


async def run_but_pushes(world: World) -> None:
    """Do what was announced, and what that announces, but tell no device yet."""
    while due := [job_id for job_id, job in await world.announced() if QUEUES[job] != "pushes"]:
        for job_id in due:
            await running.run(world.app.deps, job_id)
