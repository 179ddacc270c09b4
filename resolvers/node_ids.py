"""Global ids, which rules define, as resolvers read and give them."""

from rules.node_ids import MOST, NodeId, decode, encode, id_of

__all__ = ["MOST", "NodeId", "decode", "encode", "id_of"]
