"""What services work with; built by `wiring.py`, the same for every request and job of a process."""

from dataclasses import dataclass

from services.batches import Batches
from services.live.live import Live
from services.passwords import Passwords
from services.tally import Tally
from services.tokens import Tokens
from services.upkeep import Upkeep
from settings import Settings
from stores.ids import IdMint
from stores.objects import ObjectStore
from stores.postgres.database import Database
from stores.push_services import PushServices
from stores.redis.timelines import Timelines


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    settings: Settings
    database: Database
    objects: ObjectStore
    push_services: PushServices
    timelines: Timelines
    upkeep: Upkeep
    batches: Batches
    live: Live
    tally: Tally
    ids: IdMint
    passwords: Passwords
    tokens: Tokens
