"""Yes or no, in the viewer's name."""

from collections.abc import Sequence

from loaders.scope import Pair, ViewerLoader
from stores.postgres.asking import Asks


class MarkLoader(ViewerLoader[int, bool]):
    """Is it so between the viewer and this? No, when signed out."""

    signed_out = False

    @staticmethod
    async def among(connection: Asks, pairs: Sequence[Pair[int]]) -> set[Pair[int]]:
        """Those pairs of a viewer and a thing that it is so of."""
        raise NotImplementedError

    @classmethod
    async def answers(cls, connection: Asks, pairs: Sequence[Pair[int]]) -> list[bool]:
        marked = await cls.among(connection, pairs)
        return [pair in marked for pair in pairs]
