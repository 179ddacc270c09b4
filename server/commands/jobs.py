"""`photofeed jobs`: a person's look at the jobs that failed too often, and his decision about them."""

import json
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from server.commands.running import run

if TYPE_CHECKING:
    from stores.postgres.outbox import UnfinishedJob

app = typer.Typer(
    help="See, retry or drop the jobs that were set aside for having failed too often.", no_args_is_help=True
)


@app.command("list")
def list_jobs(
    waiting: Annotated[bool, typer.Option("--waiting", help="Show the jobs that wait to be done instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list, with whole errors.")] = False,
    most: Annotated[int, typer.Option(min=1, help="Show at most so many, the oldest.")] = 100,
) -> None:
    """Show the jobs that were set aside, the oldest first."""
    from services import unfinished

    found = run(partial(unfinished.listed, set_aside=not waiting, most=most + 1))
    if as_json:
        print(json.dumps([_as_json(job) for job in found[:most]], indent=2))
    elif found:
        _print_table(found[:most])
        if len(found) > most:
            print(f"These are the oldest {most}; --most shows more.")
    else:
        print("No job waits." if waiting else "No job is set aside.")


@app.command()
def retry(
    job_ids: Annotated[list[int] | None, typer.Argument(metavar="ID", help="Numbers that `list` shows.")] = None,
    all_of_them: Annotated[bool, typer.Option("--all", help="All that are set aside.")] = False,
) -> None:
    """Run jobs that were set aside again at once, as if they had never failed."""
    from services import unfinished

    if all_of_them == bool(job_ids):
        raise typer.BadParameter("give either the numbers of jobs, or --all.")
    retried = run(partial(unfinished.retry, job_ids=job_ids or None))
    print(f"Enqueued again: {_counted(retried)}.")
    _refuse_others(job_ids or [], retried)


@app.command()
def drop(
    job_ids: Annotated[list[int], typer.Argument(metavar="ID", help="Numbers that `list` shows.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False,
) -> None:
    """Remove jobs that were set aside for good: what they were to do stays undone."""
    from services import unfinished

    if not yes:
        typer.confirm(f"Drop {_counted(job_ids)} for good? What they were to do stays undone", abort=True)
    dropped = run(partial(unfinished.drop, job_ids=job_ids))
    print(f"Dropped: {_counted(dropped)}.")
    _refuse_others(job_ids, dropped)


def _refuse_others(asked: Sequence[int], done: Sequence[int]) -> None:
    """Exit 1 where some of the jobs that were asked for are not set aside."""
    if others := [job_id for job_id in dict.fromkeys(asked) if job_id not in done]:
        typer.echo(f"photofeed: not set aside: {', '.join(map(str, others))}", err=True)
        raise typer.Exit(1)


def _counted(job_ids: Sequence[int]) -> str:
    return "1 job" if len(job_ids) == 1 else f"{len(job_ids)} jobs"


def _print_table(jobs: "Sequence[UnfinishedJob]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("ID", "Job", "Arguments", "Attempts", "Announced (UTC)", "Last error")
    for job in jobs:
        arguments = "\n".join(f"{name}={value}" for name, value in job.arguments.items())
        announced = f"{job.announced_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(job.id), job.job, arguments, str(job.attempts), announced, _last_line(job.last_error))
    Console(markup=False).print(table)


def _last_line(error: str | None) -> str:
    """Of a traceback: the exception."""
    lines = (error or "").strip().splitlines()
    return lines[-1] if lines else ""


def _as_json(job: "UnfinishedJob") -> dict[str, object]:
    return {
        "id": job.id,
        "job": job.job,
        "arguments": job.arguments,
        "attempts": job.attempts,
        "announcedAt": job.announced_at.isoformat(),
        "lastError": job.last_error,
    }
