"""The command `photofeed`. Each subcommand imports what it needs when it runs, so that --help is quick."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from dev.home import CannotStart
from server.commands import feed, jobs
from server.commands.running import CannotDo, read_settings
from server.listening import CannotListen
from stores.errors import StoreUnavailable

SETTINGS_ARE_WRONG = 2

app = typer.Typer(
    help="Photofeed, the backend of a photo-sharing app.\n\n"
    "`photofeed up` needs nothing else. The other commands take Postgres, Redis and an S3 object store from the "
    "environment: PHOTOFEED_DATABASE_URL, PHOTOFEED_REDIS_URL, PHOTOFEED_S3_ENDPOINT_URL, PHOTOFEED_S3_ACCESS_KEY, "
    "PHOTOFEED_S3_SECRET_KEY, and PHOTOFEED_SECRET_KEY, which signs tokens.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(jobs.app, name="jobs")
app.add_typer(feed.app, name="feed")


@app.command()
def up(
    home: Annotated[Path, typer.Option(envvar="PHOTOFEED_HOME", help="Where data, secrets and logs are kept.")] = Path(
        ".photofeed"
    ),
    port: Annotated[
        int, typer.Option(envvar="PHOTOFEED_PORT", help="Port on 127.0.0.1; 0: any free one.", min=0, max=65535)
    ] = 8000,
) -> None:
    """Run all of Photofeed on this machine, with demo people and photos, until Ctrl-C.

    Brings its own Postgres, Redis and object store.
    """
    from dev.up import up

    up(home, port)


@app.command()
def api(
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the port: one for each core.")] = 1,
    own_ports_from: Annotated[
        int | None,
        typer.Option(help="Ports of the workers' own besides, from this one on: for /metrics.", min=1, max=65535),
    ] = None,
    fd: Annotated[list[int] | None, typer.Option(hidden=True)] = None,
) -> None:
    """Serve the GraphQL API, on PHOTOFEED_HOST and PHOTOFEED_PORT, until SIGTERM.

    Run as many as you like behind a load balancer: they keep no state.
    """
    from server.serving import serve
    from server.workers import serve_by_many

    if workers == 1 and own_ports_from is None:
        serve(read_settings(), fds=fd or ())
    else:
        serve_by_many(read_settings(), workers, own_ports_from=own_ports_from)


@app.command()
def worker(
    queue: Annotated[
        list[str] | None, typer.Option(help="Take jobs from this queue only; may be repeated. All, when left out.")
    ] = None,
) -> None:
    """Do what follows requests: process photos, publish, fan out. Run as many as you like, until SIGTERM."""
    import uvloop

    from jobs import worker
    from server import logs

    if unknown := set(queue or ()).difference(worker.ALL_QUEUES):
        raise typer.BadParameter(f"{', '.join(unknown)}: the queues are {', '.join(worker.ALL_QUEUES)}.")
    settings = read_settings()
    logs.configure(settings.log_format)
    uvloop.run(worker.run(settings, queue or worker.ALL_QUEUES))


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision, and make the buckets of the object store. Safe to repeat."""
    import wiring
    from migrations.run import upgrade

    settings = read_settings()
    upgrade(settings.database_url.get_secret_value())
    asyncio.run(wiring.ensure_buckets(settings))


@app.command()
def seed(
    users: Annotated[int, typer.Option(min=1, help="People.")] = 200,
    follows: Annotated[int, typer.Option(min=0, help="Follows; a few people get most of them.")] = 4_000,
    posts: Annotated[int, typer.Option(min=0, help="Posts.")] = 2_000,
    number: Annotated[int, typer.Option("--seed", help="The same number makes the same people and posts.")] = 1,
) -> None:
    """Fill the database with invented people, follows and posts."""
    settings = read_settings()
    from dev import seed

    asyncio.run(seed.fill(settings, users=users, follows=follows, posts=posts, seed=number))


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from schema import schema

    print(schema.as_str())


@app.command()
def settings() -> None:
    """Print every setting with its default, as a table."""
    import settings

    print(settings.table())


@app.command()
def vapid() -> None:
    """Make a key for Web Push, and print it as settings; who subscribes is bound to it."""
    from stores.vapid import new_private_key

    print(f"PHOTOFEED_VAPID_PRIVATE_KEY={new_private_key()}\nPHOTOFEED_VAPID_CONTACT=mailto:you@example.com")


@app.command()
def doctor() -> None:
    """Check the settings and everything that Photofeed depends on, and say what to do."""
    from server import doctor

    if not asyncio.run(doctor.examine(read_settings())):
        raise typer.Exit(1)


def main() -> None:
    """What the person who ran a command can mend is told in a line, without a traceback."""
    try:
        app()
    except (CannotStart, CannotListen, CannotDo, StoreUnavailable) as error:
        _complain(error)
        sys.exit(1)
    except ValidationError as error:
        for fault in error.errors():
            _complain("".join(f"PHOTOFEED_{field}: ".upper() for field in fault["loc"][:1]) + fault["msg"])
        sys.exit(SETTINGS_ARE_WRONG)


def _complain(about: object) -> None:
    print(f"photofeed: {about}", file=sys.stderr)


if __name__ == "__main__":
    main()
