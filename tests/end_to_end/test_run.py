"""`photofeed up` on a fresh machine, then nothing but HTTP: what a newcomer sees who runs `make run`."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx2
import psutil
import pytest

from dev.embedded.nobody import discard_outside
from tests.dev.processes import PROJECT, command, photofeed, that_name, within
from tests.end_to_end.visitor import DELETE_POST, FOLLOW, UNFOLLOW, Visitor
from tests.patience import PATIENCE_S
from tests.world import jpeg

pytestmark = pytest.mark.xdist_group("end_to_end")  # one worker runs them all: the first start is long


class Run:
    """`photofeed up` on one home, started and stopped as often as a test likes."""

    def __init__(self, home: Path) -> None:
        self.home, self.said, self.started_in_s = home, "", 0.0
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        assert found, self.said
        return found[0]

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Until it says that Photofeed runs."""
        began, self.said = time.monotonic(), ""
        self._process = subprocess.Popen(
            command("up"),
            cwd=PROJECT,
            env={"PHOTOFEED_HOME": str(self.home), "PHOTOFEED_PORT": "0"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said += line
            if line.startswith("╰"):
                break
        self.started_in_s = time.monotonic() - began
        assert within(PATIENCE_S, lambda: "worker_started" in (self.home / "logs" / "worker.log").read_text())

    def end(self, number: signal.Signals) -> int:
        """Gives the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One home for all tests here: its first start makes the demo's photos, which takes a while."""
    run = Run(tmp_path_factory.mktemp("end_to_end") / "home")
    yield run
    if run.is_running:
        run.end(signal.SIGTERM)
    assert within(PATIENCE_S, lambda: not that_name(run.home))
    discard_outside(run.home)


@pytest.fixture
def running(run: Run) -> Run:
    if not run.is_running:
        run.start()
    return run


@pytest.fixture
def visitor(running: Run) -> Iterator[Callable[[], Visitor]]:
    """Gives another visitor each time, of whatever runs then."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(Visitor(running.address)))


def test_a_photo_is_soon_in_a_followers_feed(running: Run, visitor: Callable[[], Visitor]) -> None:
    ana, ben = visitor(), visitor()
    name, _ = ana.sign_up(), ben.sign_up()
    ben.do(FOLLOW, userId=ana.id)

    waited_s = [seconds_until_shown(ana, ben) for _ in range(2)]  # the first one finds a worker that never saw a photo

    print(f"a photo is shown {min(waited_s):.2f} s after createPost")  # pytest -s: below 2 s on an idle machine
    post = ben.feed()[0]
    assert (post["caption"], post["author"]["username"]) == ("A #Sunset in Porto", name)
    [picture] = post["media"]
    assert (picture["width"], picture["height"]) == (1_600, 2_000)
    assert len(picture["blurhash"]) > 6
    shown = httpx2.get(picture["url"], timeout=PATIENCE_S)
    assert (shown.status_code, shown.headers["content-type"], shown.content[8:12]) == (200, "image/webp", b"WEBP")


def seconds_until_shown(author: Visitor, follower: Visitor) -> float:
    """From `createPost` until the post is first in the follower's feed."""
    photo = author.upload(jpeg(1_600, 2_000))
    began = time.monotonic()
    post_id = author.post(photo, "A #Sunset in Porto")
    assert within(PATIENCE_S, lambda: [post["id"] for post in follower.feed()][:1] == [post_id])
    return time.monotonic() - began


def test_what_is_deleted_or_unfollowed_is_gone_at_the_next_read(running: Run, visitor: Callable[[], Visitor]) -> None:
    ana, ben = visitor(), visitor()
    ana.sign_up()
    ben.sign_up()
    ben.do(FOLLOW, userId=ana.id)
    kept, deleted = ana.post(ana.upload(jpeg()), "kept"), ana.post(ana.upload(jpeg()), "deleted")
    assert within(PATIENCE_S, lambda: len(ben.feed()) == 2)

    ana.do(DELETE_POST, postId=deleted)
    assert [post["id"] for post in ben.feed()] == [kept]
    ben.do(UNFOLLOW, userId=ana.id)
    assert ben.feed() == []


def test_what_the_greeting_says_is_true(running: Run, visitor: Callable[[], Visitor]) -> None:
    login, password = re.findall(r"Demo login +(\w+), password (\w+)", running.said)[0]
    query = running.said.partition("A query to try in GraphiQL:")[2].partition("╰")[0].replace("│", "")
    demo = visitor()
    demo.log_in(login, password)
    edges = demo.ask(query)["viewer"]["feed"]["edges"]
    assert len(edges) == 3
    for edge in edges:
        assert edge["node"]["caption"]
        assert httpx2.get(edge["node"]["media"][0]["url"], timeout=PATIENCE_S).headers["content-type"] == "image/webp"
    page = httpx2.get(f"{running.address}/graphql", headers={"Accept": "text/html"}, timeout=PATIENCE_S)
    assert "GraphiQL" in page.text
    assert f"{running.home}/logs" in re.sub(r"[\s│]", "", running.said)  # it may be folded
    assert {"api.log", "worker.log", "postgres.log"} <= {log.name for log in (running.home / "logs").iterdir()}


def test_a_second_start_says_that_it_runs_and_where(running: Run, visitor: Callable[[], Visitor]) -> None:
    second = photofeed("up", PHOTOFEED_HOME=str(running.home), PHOTOFEED_PORT="0")
    runs = f"Photofeed already runs from {running.home}: {running.address}, process {running.process.pid}."
    assert (second.returncode, second.stderr) == (1, f"photofeed: {runs}\n")
    assert running.is_running


def test_what_dies_is_started_again(running: Run, visitor: Callable[[], Visitor]) -> None:
    name = visitor().sign_up()
    killed = [*commands(running), *(one for one in that_name(running.home) if one.name() == "valkey-server")]
    assert len(killed) == 3
    for process in killed:
        process.kill()
        process.wait(PATIENCE_S)
    back = visitor()
    back.log_in(name)  # waits at the open socket until the next process takes it
    post_id = back.post(back.upload(jpeg()), "by the next worker")
    assert within(PATIENCE_S, lambda: [post["id"] for post in back.feed()] == [post_id])
    assert len(commands(running)) == 2


def commands(running: Run) -> list[psutil.Process]:
    """The API and the worker."""
    return [process for process in that_name(running.home) if "server.cli" in process.cmdline()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_however_it_ends_nothing_keeps_running_and_the_next_start_is_quick_and_has_the_data(
    running: Run, visitor: Callable[[], Visitor], number: signal.Signals
) -> None:
    ana = visitor()
    name = ana.sign_up()
    post_id = ana.post(ana.upload(jpeg()), "still there")
    assert within(PATIENCE_S, ana.feed)

    assert running.end(number) == (0 if number == signal.SIGTERM else -number)
    assert within(PATIENCE_S, lambda: not that_name(running.home))

    running.start()
    back = visitor()
    back.log_in(name)
    [post] = back.feed()
    assert post["id"] == post_id
    assert httpx2.get(post["media"][0]["url"], timeout=PATIENCE_S).status_code == 200
    print(f"a home with data starts in {running.started_in_s:.2f} s")  # pytest -s: below 5 s on an idle machine
    assert running.started_in_s < PATIENCE_S
