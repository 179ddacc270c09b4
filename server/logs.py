"""Structured logs on standard error: JSON for machines, or lines in colour for people."""

import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime

import orjson
import structlog
from structlog.contextvars import merge_contextvars
from structlog.processors import format_exc_info
from structlog.typing import EventDict, Processor, WrappedLogger

SHARED: list[Processor] = [
    merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.MaybeTimeStamper(fmt="iso"),
]


class Writer:
    """Writes the lines of one of structlog's loggers, without the standard library's record of each."""

    def __init__(self, name: str) -> None:
        self.name = name

    def line(self, text: str) -> None:
        with suppress(OSError, ValueError):  # a full disk, a reader that is gone: no reason for a request to fail
            sys.stderr.write(text + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = line


class Writers(structlog.stdlib.LoggerFactory):
    """They are named as the standard library's loggers would be: as asked for, or by their modules."""

    def __call__(self, *given: str) -> Writer:  # type: ignore[override]  # what the processors need of a logger
        return Writer(super().__call__(*given).name)


def configure(log_format: str) -> None:
    """Of this process, its libraries included. `log_format` is json or console."""
    rendered = _rendered(log_format)
    structlog.configure(
        processors=[merge_contextvars, _line] if log_format == "json" else [*SHARED, *rendered],
        logger_factory=Writers(ignore_frame_names=[__name__]),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    libraries = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=libraries))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)


def _rendered(log_format: str) -> list[Processor]:
    # Tracebacks without the values of variables: those hold tokens and passwords.
    if log_format == "json":
        return [format_exc_info, _json]
    traceback = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=traceback)]


def _line(logger: Writer, method: str, event: EventDict) -> str:
    """Does in one step what five of structlog's processors do in turns: each request is logged."""
    event["level"], event["logger"] = method, logger.name
    if "timestamp" not in event:
        event["timestamp"] = datetime.now(UTC)
    return _json(logger, method, format_exc_info(logger, method, event))


def _json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    try:
        return orjson.dumps(event, default=repr, option=orjson.OPT_UTC_Z).decode()
    except TypeError:  # a lone surrogate, or an integer of more than 64 bits
        return orjson.dumps({name: repr(value) for name, value in event.items()}).decode()
