import time, os
from collections import Counter
import pytest
from hypothesis import HealthCheck, settings as hs, Phase
from hypothesis.stateful import run_state_machine_as_test
from tests.timelines.laboratory import Laboratory
from tests.timelines.machine import Feeds
from services import feed
from settings import Settings

PH = [Phase.generate] + ([Phase.shrink] if os.environ.get("SHRINK") else [])
N = int(os.environ.get("N", "20"))
@pytest.mark.parametrize("owed_early", [1000, 2, 0])
def test_x(settings: Settings, owed_early, monkeypatch):
    counted = Counter()
    with Laboratory(settings) as lab:
        machine = type("M", (Feeds,), {"lab": lab, "strong": owed_early, "counted": counted})
        t = time.perf_counter()
        try:
            run_state_machine_as_test(machine, settings=hs(max_examples=N, stateful_step_count=60, derandomize=not os.environ.get("RND"), phases=PH, report_multiple_bugs=False, database=None, deadline=None, suppress_health_check=list(HealthCheck)))
        finally:
            dt = time.perf_counter() - t
            print(counted, dt, counted["steps"]/dt, lab.deps.tally.feed_reads, flush=True)
