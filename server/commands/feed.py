"""`photofeed feed`: why a home feed is as it is, and whether feeds are as they should be."""

from typing import TYPE_CHECKING, Annotated

import typer

from server.commands.running import CannotDo, run

if TYPE_CHECKING:
    from services.checking import Finding
    from services.deps import Deps
    from services.explaining import Explanation
    from stores.rows import User

app = typer.Typer(
    help="See why a home feed is as it is, and whether feeds are as they should be.", no_args_is_help=True
)


@app.command()
def explain(
    viewer: Annotated[str, typer.Option(help="Name of whose feed it is.")],
    post: Annotated[str, typer.Option(help="Global id of the post, or its number.")],
) -> None:
    """Say why a post is, or is not, in somebody's home feed, and from where the next read would take it.

    Exit status 1 where that read would miss it, although by the SQL reference it is in the feed.
    """
    from server.commands import told
    from services import explaining

    post_id = _post_id(post)

    async def work(deps: "Deps") -> "tuple[str, Explanation | None]":
        user = await _named(deps, viewer)
        return user.username, await explaining.explain(deps, user.id, post_id)

    name, explanation = run(work)
    if explanation is None:
        raise CannotDo(f"there is no post {post}: it never was, or it was deleted and is erased")
    print(told.explained(name, explanation))
    if explanation.absent is None and not explanation.is_served:
        raise typer.Exit(1)


@app.command()
def check(
    sample: Annotated[int, typer.Option(min=1, help="So many feeds, of people with a timeline first.")] = 100,
    viewer: Annotated[str | None, typer.Option(help="The feed of this person only.")] = None,
    posts: Annotated[int, typer.Option(min=1, help="The latest so many posts of each.")] = 500,
) -> None:
    """Compare home feeds, as they are served, with the SQL reference; repair those that differ.

    Each is read as a person would, with strong mode off and as it is set. Where it differs, its timeline is built anew.
    Exit status 1 where something differed.
    """
    from server.commands import told
    from services import checking

    async def work(deps: "Deps") -> "tuple[int, dict[str, Finding]]":
        users = await checking.viewers(deps, sample) if viewer is None else [await _named(deps, viewer)]
        return len(users), await _checked(deps, users, posts)

    count, findings = run(work)
    print(told.checked(count, findings))
    if findings:
        raise typer.Exit(1)


async def _checked(deps: "Deps", users: "list[User]", most: int) -> "dict[str, Finding]":
    """What is wrong, by the names of those whose feeds it is wrong with."""
    from rich.console import Console
    from rich.progress import Progress

    from services import checking

    findings = {}
    with Progress(console=Console(stderr=True)) as progress:
        for user in progress.track(users, description="Comparing feeds"):
            if finding := await checking.check(deps, user.id, most=most):
                findings[user.username] = finding
    return findings


async def _named(deps: "Deps", name: str) -> "User":
    from services import accounts

    user = await accounts.named(deps, name.removeprefix("@"))
    if user is None:
        raise CannotDo(f"there is nobody of the name {name}")
    return user


def _post_id(text: str) -> int:
    from rules.node_ids import MOST, id_of

    post_id = int(text) if text.isdecimal() else id_of("Post", text)
    if post_id is None or post_id > MOST:
        raise typer.BadParameter(f"{text} is neither the global id of a post nor a number.", param_hint="--post")
    return post_id
