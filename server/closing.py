"""Why a WebSocket is closed: the codes of graphql-transport-ws, and of RFC 6455."""

from enum import IntEnum


class Close(IntEnum):
    FLOOD = 1008
    RESTART = 1012
    TRY_AGAIN = 1013
    BAD_MESSAGE = 4400
    NOT_INITIALISED = 4401
    TOKEN_ENDED = 4403
    UNKNOWN_SUBPROTOCOL = 4406
    INITIALISATION_TIMED_OUT = 4408
    ID_IN_USE = 4409
    INITIALISED_TWICE = 4429
    INTERNAL = 4500


class Closing(Exception):
    """The socket must be closed."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason
