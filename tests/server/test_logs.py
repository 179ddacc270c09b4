"""What a process logs, whatever library it comes from. In a process of its own, because logging is global."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging, structlog
from server import logs
logs.configure("{log_format}")
structlog.contextvars.bind_contextvars(request_id="r1")
structlog.get_logger("photofeed").info("published", post=7)
logging.getLogger("uvicorn.error").warning("shutting down")
secret = "hunter2"
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("photofeed").exception("failed")
"""


def written(log_format: str) -> list[str]:
    program = [sys.executable, "-c", PROGRAM.format(log_format=log_format)]
    return subprocess.run(program, capture_output=True, text=True, check=True).stderr.splitlines()


def test_what_json_cannot_say_is_logged_all_the_same() -> None:
    program = PROGRAM.format(log_format="json").split("structlog.context")[0]
    program += r'structlog.get_logger("photofeed").info("odd", large=2**70, half="\ud800", post=7)'
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    line = json.loads(ran.stderr)
    assert (line["large"], line["half"], line["post"]) == (str(2**70), r"'\ud800'", "7")


def test_an_error_that_is_told_of_later_has_its_traceback() -> None:
    program = PROGRAM.format(log_format="json").split("structlog.context")[0]
    program += 'structlog.get_logger("photofeed").error("failed", exc_info=KeyError("lost"))'
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(ran.stderr)["exception"] == "KeyError: 'lost'"


def test_a_logger_that_has_no_name_has_its_modules() -> None:
    program = "from server import connections, logs\nlogs.configure('json')\nexec(CODE, vars(connections))"
    program = "CODE = 'log.info(1)'\n" + program
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(ran.stderr)["logger"] == "server.connections"


def test_a_log_that_nobody_can_write_to_stops_nothing() -> None:
    program = PROGRAM.format(log_format="json") + "\nprint('went on')"
    full = ["sh", "-c", 'exec "$0" -c "$1" 2>/dev/full', sys.executable, program]
    assert "went on" in subprocess.run(full, capture_output=True, text=True, check=False).stdout


def test_json_has_one_object_per_line_with_time_level_logger_and_request_id() -> None:
    published, shutting_down, failed = (json.loads(line) for line in written("json"))
    assert published.pop("timestamp").endswith("Z")
    assert published == {
        "event": "published", "level": "info", "logger": "photofeed", "post": 7, "request_id": "r1",
    }  # fmt: skip
    assert (shutting_down["logger"], shutting_down["level"]) == ("uvicorn.error", "warning")
    assert "ZeroDivisionError" in failed["exception"]


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_what_is_noted_later_has_the_time_at_which_it_happened(log_format: str) -> None:
    program = PROGRAM.format(log_format=log_format).split("structlog.context")[0]
    program += 'structlog.get_logger("photofeed").info("request", timestamp="2001-02-03T04:05:06Z")'
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stderr.count("20") == 1
    assert "2001-02-03T04:05:06Z" in ran.stderr


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_tracebacks_do_not_show_the_values_of_variables(log_format: str) -> None:
    lines = "\n".join(written(log_format))
    assert "ZeroDivisionError" in lines
    assert "hunter2" not in lines
