"""A town whose people stand to each other in every way there is, and what each of them may see there.

What takes access away is done last, and none of its jobs: so whatever a job has yet to clear up still lies around, and
timelines still hold what their owners may not see any more. Every text, name, picture and id is a canary.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import orjson
from redis.asyncio import Redis
from sqlalchemy import text

from jobs.guard_media import guard_media
from rules.node_ids import encode
from rules.notifications import day_of
from stores.redis.timelines import key
from tests.inboxes import LIKE, LIKE_COMMENT, comment
from tests.relating import block, mute, set_private
from tests.world import Person, World, emptied, jpeg, row_id

OWNERS = {"public": "pam", "private": "pat"}
COMERS = ("follower", "muter", "requester", "stranger", "blocked", "blocker", "both")
NAMES = (*OWNERS.values(), "nora", "fran", *COMERS)
SAVE = "mutation ($id: ID!) { savePost(input: {postId: $id}) { userErrors { code } } }"
PROFILE = """mutation ($name: String, $bio: String) {
  updateProfile(input: {displayName: $name, bio: $bio}) { userErrors { code } }
}"""
UPDATE_MEDIA = """mutation ($id: ID!, $alt: String) {
  updateMedia(input: {mediaId: $id, altText: $alt}) { userErrors { code } }
}"""
SESSIONS = "{ viewer { id sessions { id } } }"


class Canary(NamedTuple):
    """A word that is in answers to those only for whom this is true."""

    word: str
    may_see: Callable[[str | None], bool]


@dataclass
class Account:
    """One whose privacy is judged, and what there is of it, by id.

    `said`: a friend's comment on its post; `remark`: its own comment on another's post; `left`: each comer's comment on
    its post; `news`: that it has posted, as its followers are told; `told`: of its own notifications.
    """

    owner: str
    kind: str
    ids: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)


class Town:
    """People are known by their names; None is who is signed out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: dict[str, Person] = {}
        self.accounts = {kind: Account(owner, kind) for kind, owner in OWNERS.items()}
        self.posts: dict[str, str] = {}
        self.canaries: list[Canary] = []
        self.follows: set[tuple[str, str]] = set()
        self.parted = {frozenset((comer, owner)) for comer in COMERS[-3:] for owner in OWNERS.values()}
        self._timelines: dict[int, bytes] = {}

    # ------------------------------------------------------------------------------------ what is allowed

    def viewer(self, viewer: str, kind: str) -> str | None:
        """Who stands in this way to the account of this kind."""
        if viewer == "signed out":
            return None
        return OWNERS[kind] if viewer == "owner" else viewer

    def sees_card(self, viewer: str | None, whose: str) -> bool:
        return viewer is None or frozenset((viewer, whose)) not in self.parted

    def sees_content(self, viewer: str | None, whose: str) -> bool:
        if viewer == whose:
            return True
        is_open = whose != OWNERS["private"] or (viewer is not None and (viewer, whose) in self.follows)
        return self.sees_card(viewer, whose) and is_open

    def is_told(self, viewer: str, of: str) -> bool:
        """Whether what somebody does is told in the viewer's notifications."""
        has_muted = viewer == "muter" and of in OWNERS.values()
        return viewer != of and self.sees_card(viewer, of) and not has_muted

    def is_in_feed(self, viewer: str, author: str) -> bool:
        return viewer == author or ((viewer, author) in self.follows and self.is_told(viewer, author))

    # ------------------------------------------------------------------------------------ asking

    async def answer(self, viewer: str | None, query: str, **variables: Any) -> Any:
        """All of the answer, which holds none of the canaries that the viewer may not see."""
        reply = await self.world.reply(None if viewer is None else self.people[viewer], query, **variables)
        self.watch(viewer, reply.text)
        return orjson.loads(reply.content)

    def watch(self, viewer: str | None, shown: str) -> None:
        """What is shown to somebody holds no canary that is not for him."""
        assert [canary.word for canary in self.canaries if canary.word in shown and not canary.may_see(viewer)] == []

    async def data(self, viewer: str | None, query: str, **variables: Any) -> Any:
        answer = await self.answer(viewer, query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def rows(self, statement: str, **values: object) -> list[Any]:
        """What is so, whoever may see it: the first column."""
        async with self.world.app.deps.database.read() as connection:
            return list(await connection.scalars(text(statement), values))

    def name_of(self, user_row_id: int) -> str:
        return next(name for name, person in self.people.items() if person.row_id == user_row_id)

    def author_of(self, post_row_id: int) -> str:
        return next(name for name, post in self.posts.items() if row_id(post) == post_row_id)

    # ------------------------------------------------------------------------------------ caches

    async def turn(self, caches: str) -> None:
        """warm: all timelines are as they were before access was taken away. cold: there are none."""
        async with (
            Redis.from_url(self.world.app.deps.settings.redis_url.get_secret_value()) as redis,
            redis.pipeline() as pipeline,
        ):
            for viewer_id, dumped in self._timelines.items():
                pipeline.delete(key(viewer_id))
                if caches == "warm":
                    pipeline.restore(key(viewer_id), 0, dumped)
            await pipeline.execute()

    async def is_standing(self) -> bool:
        """Whether nobody has emptied the world meanwhile."""
        return len(await self.rows("select id from users where username = any(:names)", names=list(NAMES))) == len(
            NAMES
        )

    # ------------------------------------------------------------------------------------ how it is built

    async def built(self) -> Self:
        """An empty world becomes the town."""
        await emptied(self.world.app)
        await asyncio.gather(*(self._move_in(name) for name in NAMES))
        followed = [(comer, owner) for comer in (*COMERS, "fran", "nora") for owner in OWNERS.values()]
        back = [(owner, comer) for comer, owner in followed]
        for follower, followee in (*followed, *back, *((comer, "nora") for comer in COMERS)):
            await self.world.follow(self.people[follower], self.people[followee])
            self.follows.add((follower, followee))
        self.posts["nora"] = await self._post("nora", "#harbour @pam @pat @fran")
        for account in self.accounts.values():
            await self._furnish(account)
        for name in COMERS:
            self.posts[name] = await self._post(name, "#harbour")
        await self._react()
        await self.world.run_jobs()
        for account in self.accounts.values():
            await self._name_things(account)
        await self._warm()
        await self._take_away()
        self._watch()
        return self

    async def _move_in(self, name: str) -> None:
        self.people[name] = await self.world.person(name)
        await self.world.do(self.people[name], PROFILE, name=f"canary name {name}.", bio=f"canary bio {name}.")

    async def _post(self, author: str, tags: str, **given: Any) -> str:
        named = {"name": f"canary place {author}."}
        return await self.world.post(self.people[author], f"canary caption {author}. {tags}", location=named, **given)

    async def _furnish(self, account: Account) -> None:
        owner, ids = self.people[account.owner], account.ids
        ids["picture"] = await self.world.upload(owner, jpeg(40, 50))
        await self.world.do(owner, UPDATE_MEDIA, id=ids["picture"], alt=f"canary alt {account.owner}.")
        comers = " ".join(f"@{name}" for name in COMERS)
        ids["post"] = await self._post(account.owner, f"#harbour {comers}", mediaIds=[ids["picture"]])
        self.posts[account.owner] = ids["post"]
        await self.world.run_jobs()
        ids["draft picture"] = await self.world.picture(owner, status="PROCESSING")
        ids["draft"] = await self.world.post(owner, f"canary draft {account.owner}.", mediaIds=[ids["draft picture"]])
        ids["spare picture"] = await self.world.picture(owner)

    async def _react(self) -> None:
        """Everybody to everything of an owner or nora, the owners to everything of others."""
        for account in self.accounts.values():
            ids, post, owner = account.ids, account.ids["post"], account.owner
            ids["said"] = await self._say("fran", post, owner)
            ids["remark"] = await self._say(owner, self.posts["nora"], "nora")
            await self._like(LIKE, (owner, "fran", "nora", *COMERS), post)
            for comer in COMERS:
                account.left[comer] = await self._say(comer, post, owner)
                await self._say(owner, self.posts[comer], comer)
                await self._like(LIKE_COMMENT, (owner, "fran"), account.left[comer])
                await self.world.do(self.people[comer], SAVE, id=post)
        for comer in COMERS:
            await self._like(LIKE, ("fran", *OWNERS.values()), self.posts[comer])
            await self._say(comer, self.posts["nora"], "nora")
        await self._like(LIKE, (*OWNERS.values(), *COMERS), self.posts["nora"])

    async def _like(self, mutation: str, likers: Iterable[str], thing: str) -> None:
        await asyncio.gather(*(self.world.do(self.people[liker], mutation, id=thing) for liker in likers))

    async def _say(self, author: str, post: str, whose: str) -> str:
        """A comment; it is a canary for all who may not see its post or its author. To its author its id is none."""
        word = f"canary comment by {author} to {whose}."
        made = await comment(self.world, self.people[author], post, word)

        def may_see(viewer: str | None) -> bool:
            return self.sees_content(viewer, whose) and self.sees_card(viewer, author)

        self.canaries += [Canary(word, may_see), Canary(made, lambda viewer: viewer == author or may_see(viewer))]
        return made

    async def _name_things(self, account: Account) -> None:
        owner, ids = self.people[account.owner], account.ids
        own = (await self.world.ask(owner, SESSIONS))["viewer"]
        ids |= {"user": owner.id, "viewer": own["id"], "session": own["sessions"][0]["id"]}
        mentioned = "select id from notifications where recipient_id = :id and kind = 'MENTION'"  # by nora
        [told] = await self.rows(mentioned, id=owner.row_id)
        ids["told"] = encode("Notification", told)
        [ids["object key"]] = await self.rows("select object_key from media where id = :id", id=row_id(ids["picture"]))
        [feed_id] = await self.rows("select feed_id from posts where id = :id", id=row_id(ids["post"]))
        ids["news"] = encode("Notification", owner.row_id, day_of(feed_id))

    async def _warm(self) -> None:
        """Have a timeline for everybody, and keep a copy of it."""
        for person in self.people.values():
            await self.world.feed(person)
        await self.world.app.deps.upkeep.done()
        async with Redis.from_url(self.world.app.deps.settings.redis_url.get_secret_value()) as redis:
            for person in self.people.values():
                dumped = await redis.dump(key(person.row_id))
                assert dumped is not None
                self._timelines[person.row_id] = dumped

    async def _take_away(self) -> None:
        world, people = self.world, self.people
        owners = [people[name] for name in OWNERS.values()]
        await asyncio.gather(*(set_private(world, owner) for owner in owners))
        for owner in owners:
            for gone in ("requester", "stranger"):
                await world.unfollow(people[gone], owner)
                self.follows.discard((gone, owner.username))
            await world.follow(people["requester"], owner)
            await mute(world, people["muter"], owner)
            await block(world, owner, people["blocked"])
            await block(world, people["blocker"], owner)
            await block(world, people["both"], owner)
            await world.sql(
                "insert into blocks (blocker_id, blocked_id, id) values (:owner, :both, :place)",
                owner=owner.row_id, both=people["both"].row_id, place=await world.app.deps.ids.mint(),
            )  # fmt: skip
        await set_private(world, people["pam"], False)
        await guard_media(world.app.deps, people["pat"].row_id)
        self.follows = {pair for pair in self.follows if frozenset(pair) not in self.parted}

    def _watch(self) -> None:
        """All that is not a comment becomes a canary."""
        for name, person in self.people.items():
            self._hide([f"canary name {name}.", person.id], self.sees_card, name)
            self._hide([f"canary bio {name}."], self.sees_content, name)
        for name, post in self.posts.items():
            self._hide([f"canary caption {name}.", f"canary place {name}.", post], self.sees_content, name)
        for account in self.accounts.values():
            ids, owner = account.ids, account.owner
            self._hide([f"canary alt {owner}.", ids["picture"], ids["object key"]], self.sees_content, owner)
            own = [ids[name] for name in ("draft", "draft picture", "spare picture", "viewer", "session", "told")]
            self._hide([f"canary draft {owner}.", f"{owner}@example.com", *own], lambda one, of: one == of, owner)

    def _hide(self, words: Iterable[str], may_see: Callable[[str | None, str], bool], whose: str) -> None:
        self.canaries += [Canary(word, lambda viewer: may_see(viewer, whose)) for word in words]
