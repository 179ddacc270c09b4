"""A worker is killed while it tells followers of a post: another goes on, and repeats what was under way at most."""

import json
from pathlib import Path

from bench.processes import Worker, started
from settings import Settings
from tests.faults import checks
from tests.push_receiver import Answer, Receiver
from tests.pushes.devices import device_of
from tests.world import World

FOLLOWERS, CHUNK = 12, 4
HANGS = Answer(after_s=600)
SHORTENED = {"sweep_every_s": 0.2, "sweep_after_s": 1, "job_retry_s": 1, "job_timeout_s": 5, "queue_poll_s": 0.05}


async def test_every_follower_is_told_and_none_more_than_twice(
    pushing: World, pushing_settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    ana = await pushing.person()
    people = [await pushing.person() for _ in range(FOLLOWERS)]
    for person in people:
        await pushing.follow(person, ana)
    await pushing.run_jobs()
    answers = [HANGS if number == CHUNK else Answer() for number in range(FOLLOWERS)]
    devices = [await device_of(pushing, receiver, *given) for given in zip(people, answers, strict=True)]
    origins = json.dumps(pushing_settings.push_private_origins)  # as an environment has it
    settings = pushing_settings.model_copy(update={**SHORTENED, "push_chunk": CHUNK, "push_private_origins": origins})

    async def hangs() -> bool:
        return bool(receiver.shown(devices[CHUNK]))

    with started(Worker(settings, tmp_path / "killed.log")) as worker:
        await pushing.post(ana)
        await checks.until(hangs)
        worker.kill()
    with started(Worker(settings, tmp_path / "other.log")):
        await checks.drained(pushing)

    times_told = [len(receiver.shown(device)) for device in devices]
    assert times_told[CHUNK] == 2
    assert all(1 <= times <= 2 for times in times_told), times_told
