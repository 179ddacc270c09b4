"""Media of private accounts: read by signed URLs alone; going private makes older URLs die; nothing is lost."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from sqlalchemy import text

from jobs.guard_media import guard_media
from jobs.process_media import process_media
from services import uploads
from services.events import PrivacyChanged
from settings import Settings
from stores.errors import StoreUnavailable
from stores.postgres import media
from stores.rows import Media
from stores.signed_urls import UrlSigner
from tests.processes import another_process
from tests.world import CREATE_POST, Person, World, jpeg, row_id, web_client

MEDIA = "query ($id: ID!) { node(id: $id) { ... on Media { status url thumbnail: url(rendition: THUMBNAIL) } } }"
POST_MEDIA = "query ($id: ID!) { post(id: $id) { media { url } } }"
SMALL = jpeg(40, 50)
PUBLIC, GUARDED, NOWHERE = [200, 404], [404, 200], [404, 404]


class Killed(Exception):
    """The process ended here."""


async def set_private(world: World, who: Person, is_private: bool = True) -> None:
    """As `updateProfile` does; its jobs are announced, and not done yet."""
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(
            text("update users set is_private = :is_private where id = :id"),
            {"id": who.row_id, "is_private": is_private},
        )
        await uow.announce(PrivacyChanged(who.row_id))


async def pictures(world: World, owner: Person, count: int = 1) -> list[str]:
    """Uploaded and processed."""
    ids = [await world.upload(owner, SMALL) for _ in range(count)]
    await world.run_jobs()
    return ids


async def row(world: World, media_id: str) -> Media:
    async with world.app.deps.database.read() as connection:
        [found] = await media.by_ids(connection, [row_id(media_id)])
    return found


async def url(world: World, owner: Person, media_id: str) -> str:
    """The picture's address, as the API gives it."""
    return str((await world.ask(owner, MEDIA, id=media_id))["node"]["url"])


async def get(address: str, **headers: str) -> httpx2.Response:
    async with web_client() as browser:
        return await browser.get(address, headers=headers)


async def lie(world: World, object_key: str) -> list[int]:
    """How the store answers for all renditions at the public place, and at the guarded one."""
    objects, keys = world.app.deps.objects, uploads.rendition_keys(object_key)
    answers = []
    for address in (objects.media_url, objects.guarded_url):
        [answer] = {(await get(address(key))).status_code for key in keys}
        answers.append(answer)
    return answers


def unsigned(address: str) -> str:
    return address.partition("?")[0]


def at_step(
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    method: str,
    step: int,
    then: Callable[[], Awaitable[object]],
    *,
    after: bool = False,
) -> None:
    """Have `then` happen before, or after, the call with this number, from 0 on, of a method."""
    real: Callable[..., Awaitable[Any]] = getattr(where, method)
    calls = iter(range(1_000))

    async def called(*given: Any, **named: Any) -> Any:
        is_due = next(calls) == step
        if is_due and not after:
            await then()
        answer = await real(*given, **named)
        if is_due and after:
            await then()
        return answer

    monkeypatch.setattr(where, method, called)


def owner_of(world: World, method: str) -> object:
    """The store that has this method: of rows, or of objects."""
    return media if hasattr(media, method) else world.app.deps.objects


async def die() -> None:
    raise Killed


# ------------------------------------------------------------------------------------ what a URL opens


async def test_a_private_accounts_picture_is_read_by_its_signed_url_alone(world: World) -> None:
    ana = await world.person()
    await set_private(world, ana)
    [picture] = await pictures(world, ana)
    seen = (await world.ask(ana, MEDIA, id=picture))["node"]
    for address in (seen["url"], seen["thumbnail"]):
        shown = await get(address)
        assert (shown.status_code, shown.headers["content-type"], shown.content[8:12]) == (200, "image/webp", b"WEBP")
        assert (await get(unsigned(address))).status_code == 403
    objects = world.app.deps.objects
    key = uploads.rendition_key((await row(world, picture)).object_key, "large")
    assert (await get(objects.media_url(key))).status_code == 404
    assert (await get(unsigned(objects.guarded_url("")))).status_code == 403


async def test_a_signature_opens_no_other_picture(world: World) -> None:
    ana = await world.person()
    await set_private(world, ana)
    one, other = await pictures(world, ana, 2)
    ones, others = await url(world, ana, one), await url(world, ana, other)
    assert (await get(ones.replace(unsigned(ones), unsigned(others)))).status_code == 403


async def test_a_url_is_refused_after_its_two_windows(world: World, settings: Settings) -> None:
    ana = await world.person()
    await set_private(world, ana)
    [picture] = await pictures(world, ana)
    key = uploads.rendition_key((await row(world, picture)).object_key, "large")
    window_s = settings.guarded_url_window_s

    def signed_ago(s: float) -> str:
        return UrlSigner(
            f"{settings.s3_endpoint_url}/{settings.s3_guarded_bucket}",
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
            region=settings.s3_region,
            window_s=window_s,
            clock=lambda: time.time() - s,
        ).url(key)

    assert (await get(signed_ago(window_s / 2))).status_code == 200
    assert (await get(signed_ago(2 * window_s))).status_code == 403


async def test_all_viewers_of_a_window_get_the_same_url(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ben, ana)
    post_id = await world.post(ana, mediaIds=await pictures(world, ana))
    await set_private(world, ana)
    await world.run_jobs()

    async def seen_by(viewer: Person) -> str:
        return str((await world.ask(viewer, POST_MEDIA, id=post_id))["post"]["media"][0]["url"])

    anas, bens, again = "", "", "a window begins"
    while anas != again:
        anas, bens, again = await seen_by(ana), await seen_by(ben), await seen_by(ana)
    assert "X-Amz-Signature" in anas
    assert bens == anas


async def test_guarded_renditions_are_cached_by_browsers_alone_and_no_longer_than_their_urls(
    world: World, settings: Settings
) -> None:
    ana = await world.person()
    [picture] = await pictures(world, ana)
    lives_s = 2 * settings.guarded_url_window_s
    public = f"public, max-age=31536000, s-maxage={lives_s}, immutable"
    seen = [(await get(await url(world, ana, picture))).headers["cache-control"]]
    for is_private in (True, False):
        await set_private(world, ana, is_private)
        await world.run_jobs()
        shown = await get(await url(world, ana, picture))
        seen.append(shown.headers["cache-control"])
        assert shown.headers["content-type"] == "image/webp"
    assert seen == [public, f"private, max-age={lives_s}", public]


async def test_scripts_of_any_front_end_may_read_them(world: World) -> None:
    ana = await world.person()
    await set_private(world, ana)
    [picture] = await pictures(world, ana)
    shown = await get(await url(world, ana, picture), Origin="https://app.example.com")
    assert shown.headers["access-control-allow-origin"] in ("*", "https://app.example.com")


def test_the_guarded_bucket_is_one_of_its_own(settings: Settings) -> None:
    given = settings.model_dump()
    for other in (settings.s3_media_bucket, settings.s3_upload_bucket):
        with pytest.raises(ValidationError, match="bucket of its own"):
            Settings.model_validate({**given, "s3_guarded_bucket": other})


# -------------------------------------------------------------------------------- going private and public


async def test_going_private_makes_older_urls_die_and_going_public_too(world: World) -> None:
    ana = await world.person()
    [picture] = await pictures(world, ana)
    seen = [await url(world, ana, picture)]
    for is_private in (True, False):
        await set_private(world, ana, is_private)
        assert (await get(seen[-1])).status_code == 200
        await world.run_jobs()
        assert (await get(seen[-1])).status_code == 404
        seen.append(await url(world, ana, picture))
        assert (await get(seen[-1])).status_code == 200
    assert seen[0] == seen[2] == unsigned(seen[2])
    assert await lie(world, (await row(world, picture)).object_key) == PUBLIC


async def test_pictures_of_others_stay_where_they_are(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    [picture] = await pictures(world, ben)
    await set_private(world, ana)
    await world.run_jobs()
    assert not (await row(world, picture)).is_guarded


async def test_many_are_moved_by_several_jobs(world: World, settings: Settings) -> None:
    ana = await world.person()
    ids = [await world.picture(ana) for _ in range(7)]
    pending = await world.picture(ana, status="PROCESSING")
    async with another_process(settings, guard_chunk=3) as process:
        await set_private(process, ana)
        done = []
        while due := await process.announced():
            done += [job for _, job in due]
            await process.run_jobs()
    assert [(await row(world, picture)).is_guarded for picture in [*ids, pending]] == [True] * 7 + [False]
    assert done == ["guard_media", "accept_requests"]


async def test_what_is_shared_is_never_guarded(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    key = f"{uploads.SHARED}one-of-many"
    await world.sql("update media set object_key = :key", key=key)
    for rendition in uploads.rendition_keys(key):
        await world.app.deps.objects.put_rendition(rendition, b"shared", "image/webp")
    await set_private(world, ana)
    await world.run_jobs()
    assert await lie(world, key) == PUBLIC
    assert (await get(await url(world, ana, picture))).content == b"shared"


async def test_a_deleted_guarded_picture_is_gone(world: World) -> None:
    ana = await world.person()
    await set_private(world, ana)
    [picture] = await pictures(world, ana)
    key = (await row(world, picture)).object_key
    assert await lie(world, key) == GUARDED
    post_id = await world.post(ana, mediaIds=[picture])
    await world.delete(ana, post_id)
    await world.run_jobs()
    assert await lie(world, key) == NOWHERE


# ------------------------------------------------------------------------- killed, repeated, at the same time

STEPS = [
    *(("copy_rendition", step, False) for step in range(6)),
    ("moved", 0, False),
    ("hold_files", 1, False),
    ("remove_renditions", 0, False),
    ("remove_renditions", 0, True),
]


@pytest.mark.parametrize("is_private", [True, False], ids=["going private", "going public"])
@pytest.mark.parametrize(("method", "step", "after"), STEPS)
async def test_a_job_killed_at_any_step_has_lost_nothing_and_its_repetition_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, step: int, after: bool, is_private: bool
) -> None:
    ana = await world.person()
    await set_private(world, ana, not is_private)
    ids = await pictures(world, ana, 2)
    await set_private(world, ana, is_private)
    with monkeypatch.context() as patched:
        at_step(patched, owner_of(world, method), method, step, die, after=after)
        with pytest.raises(Killed):
            await guard_media(world.app.deps, ana.row_id)
    for picture in ids:
        assert (await get(await url(world, ana, picture))).status_code == 200
    await world.run_jobs()
    for picture in ids:
        assert await lie(world, (await row(world, picture)).object_key) == (GUARDED if is_private else PUBLIC)
        assert (await get(await url(world, ana, picture))).status_code == 200


async def test_jobs_at_once_while_the_account_changes_again_and_again_lose_nothing(world: World) -> None:
    """Whenever nobody holds a picture's files, they lie where its row says; at rest, where its owner's privacy says."""
    ana, deps, chosen = await world.person(), world.app.deps, random.Random(5)
    rows = [await row(world, picture) for picture in await pictures(world, ana, 4)]
    changing = True

    async def change() -> None:
        jobs = []
        for number in range(12):
            await set_private(world, ana, number % 2 == 0)
            jobs += [asyncio.create_task(guard_media(deps, ana.row_id)) for _ in range(chosen.choice([1, 2]))]
            await asyncio.sleep(chosen.uniform(0, 0.05))
        await asyncio.gather(*jobs)

    async def look() -> None:
        while changing:
            watched = chosen.choice(rows)
            async with deps.database.unit_of_work() as uow:
                await media.hold_files(uow.connection, [watched.object_key])
                [held] = await media.by_ids(uow.connection, [watched.id])
                public, guarded = await lie(world, watched.object_key)
            assert (guarded if held.is_guarded else public) == 200

    looking = asyncio.create_task(look())
    await change()
    changing = False
    await looking
    assert {tuple(await lie(world, each.object_key)) for each in rows} == {tuple(PUBLIC)}


async def test_a_picture_deleted_while_it_is_moved_leaves_no_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files at the public place are removed first, then it arrives there, then those at the guarded one go."""
    ana, objects = await world.person(), world.app.deps.objects
    await set_private(world, ana)
    [picture] = await pictures(world, ana)
    key = (await row(world, picture)).object_key
    post_id = await world.post(ana, mediaIds=[picture])
    removing: list[asyncio.Task[None]] = []
    moved = asyncio.Event()

    async def remove() -> None:
        await world.delete(ana, post_id)
        removing.append(asyncio.create_task(world.run_jobs()))
        await asyncio.sleep(0.1)

    at_step(monkeypatch, objects, "copy_rendition", 0, remove)
    at_step(monkeypatch, objects, "remove_renditions", 1, moved.wait)
    await world.sql("update users set is_private = false")
    moving = asyncio.create_task(guard_media(world.app.deps, ana.row_id))
    await asyncio.wait([moving], timeout=0.5)  # it may have to wait for the removal
    moved.set()
    await moving
    await removing.pop()
    assert await lie(world, key) == NOWHERE


# --------------------------------------------------------------------------- processed while the account changes


@pytest.mark.parametrize("is_private", [True, False], ids=["going private", "going public"])
@pytest.mark.parametrize(("method", "step"), [("put_rendition", 0), ("put_rendition", 2), ("hold_files", 1)])
async def test_a_picture_processed_while_its_owner_changes_lies_where_it_should(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, step: int, is_private: bool
) -> None:
    ana, deps = await world.person(), world.app.deps
    await set_private(world, ana, not is_private)
    await world.run_jobs()
    picture = await world.upload(ana, SMALL)

    async def change() -> None:
        await set_private(world, ana, is_private)
        await guard_media(deps, ana.row_id)

    at_step(monkeypatch, owner_of(world, method), method, step, change)
    await process_media(deps, row_id(picture))
    assert await lie(world, (await row(world, picture)).object_key) == (GUARDED if is_private else PUBLIC)
    assert (await get(await url(world, ana, picture))).status_code == 200


@pytest.mark.parametrize(("method", "step"), [("put_rendition", 1), ("change", 0), ("hold_files", 1)])
async def test_a_picture_whose_processing_is_killed_leaves_nothing_where_everybody_reads(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, step: int
) -> None:
    """Its owner goes private before it is repeated."""
    ana, deps = await world.person(), world.app.deps
    picture = await world.upload(ana, SMALL)
    with monkeypatch.context() as patched:
        at_step(patched, owner_of(world, method), method, step, die)
        with pytest.raises(Killed):
            await process_media(deps, row_id(picture))
    await world.sql("update users set is_private = true")
    await world.run_jobs()
    assert await lie(world, (await row(world, picture)).object_key) == GUARDED


async def test_a_store_that_hangs_takes_few_connections_and_makes_others_wait_for_no_longer_than_it_may(
    world: World, settings: Settings
) -> None:
    ana = await world.person()
    [picture] = await pictures(world, ana)
    await set_private(world, ana)
    async with another_process(settings, files_held=1, s3_timeout_s=0.3) as process, process.app.deps.objects.turn():
        with pytest.raises(StoreUnavailable):
            await guard_media(process.app.deps, ana.row_id)
    await world.run_jobs()
    assert await lie(world, (await row(world, picture)).object_key) == GUARDED


async def test_a_picture_processed_twice_at_once_is_ready_and_lies_in_one_place(world: World) -> None:
    ana, deps = await world.person(), world.app.deps
    await set_private(world, ana)
    picture = await world.upload(ana, SMALL)
    await asyncio.gather(*(process_media(deps, row_id(picture)) for _ in range(2)))
    assert (await world.ask(ana, MEDIA, id=picture))["node"]["status"] == "READY"
    assert await lie(world, (await row(world, picture)).object_key) == GUARDED


async def test_a_post_of_a_private_account_is_published_with_its_picture(world: World) -> None:
    ana = await world.person()
    await set_private(world, ana)
    picture = await world.upload(ana, SMALL)
    made = await world.do(ana, CREATE_POST, input={"mediaIds": [picture]})
    await world.run_jobs()
    [shown] = (await world.ask(ana, POST_MEDIA, id=made["post"]["id"]))["post"]["media"]
    assert (await get(shown["url"])).status_code == 200
