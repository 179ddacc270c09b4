"""Tokens follow from the session's row: the same row, the same tokens, on every process."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Unauthenticated
from services import tokens
from services.tokens import Tokens
from stores.rows import Session

SECRET = "a secret of the tests, 32 or more"
TOKENS = Tokens(SECRET, access_s=900, refresh_s=3_600)
ids = st.integers(1, 2**63 - 1)
generations = st.integers(0, 2**31 - 1)


def session(id_: int = 7, user_id: int = 5, generation: int = 0, *, age_s: float = 0) -> Session:
    rotated_at = datetime.now(UTC) - timedelta(seconds=age_s)
    return Session(
        id=id_,
        user_id=user_id,
        created_at=rotated_at,
        last_seen_at=rotated_at,
        user_agent=None,
        generation=generation,
        rotated_at=rotated_at,
    )


@given(ids, ids, generations)
def test_tokens_say_whose_session_they_are_of(id_: int, user_id: int, generation: int) -> None:
    pair = TOKENS.pair(session(id_, user_id, generation))
    assert TOKENS.read_access(pair.access_token) == (user_id, id_, int(pair.access_token_expires_at.timestamp()))
    assert TOKENS.read_refresh(pair.refresh_token) == (id_, generation)


def test_every_process_makes_the_same_tokens() -> None:
    row = session()
    assert Tokens(SECRET, access_s=900, refresh_s=3_600).pair(row) == TOKENS.pair(row)


def test_another_secret_makes_other_tokens_and_reads_none() -> None:
    row, other = session(), Tokens("another secret, as long as that one", access_s=900, refresh_s=3_600)
    pair = TOKENS.pair(row)
    assert other.pair(row).refresh_token != pair.refresh_token
    assert other.read_refresh(pair.refresh_token) is None
    with pytest.raises(Unauthenticated):
        other.read_access(pair.access_token)


@pytest.mark.parametrize(("age_s", "is_good"), [(-4, True), (0, True), (899, True), (902, True), (906, False)])
def test_an_access_token_is_good_for_its_time_and_five_seconds_between_clocks(age_s: float, is_good: bool) -> None:
    token = TOKENS.pair(session(age_s=age_s)).access_token
    if is_good:
        assert TOKENS.read_access(token)[:2] == (5, 7)
    else:
        with pytest.raises(Unauthenticated, match="expired"):
            TOKENS.read_access(token)


def test_a_token_that_was_read_before_is_judged_by_the_time_again(monkeypatch: pytest.MonkeyPatch) -> None:
    token = TOKENS.pair(session()).access_token
    assert TOKENS.read_access(token) == TOKENS.read_access(token)
    for later_s, is_good in ((904, True), (906, False)):
        now = time.time() + later_s
        with monkeypatch.context() as clock:
            clock.setattr(time, "time", lambda now=now: now)
            if is_good:
                assert TOKENS.read_access(token)[:2] == (5, 7)
            else:
                with pytest.raises(Unauthenticated, match="expired"):
                    TOKENS.read_access(token)


def test_only_genuine_tokens_are_remembered_and_no_more_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "CLAIMS_KEPT", 2)
    few = Tokens(SECRET, access_s=900, refresh_s=3_600)
    sent = [few.pair(session(id_)).access_token for id_ in (1, 2, 3)]
    for token in sent:
        few.read_access(token)
        with pytest.raises(Unauthenticated):
            few.read_access(token[:-4] + "AAAA")
    assert few._genuine.cache_info().currsize == 2
    assert [few.read_access(token).session_id for token in sent] == [1, 2, 3]


@given(st.text(st.characters()) | st.text("abcABC019-_.=", max_size=90))
def test_no_made_up_text_is_a_token(text: str) -> None:
    assert TOKENS.read_refresh(text) is None
    with pytest.raises(Unauthenticated):
        TOKENS.read_access(text)


@given(generations, st.data())
def test_a_refresh_token_with_one_character_changed_is_none(generation: int, data: st.DataObject) -> None:
    token = TOKENS.pair(session(generation=generation)).refresh_token
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("abcXYZ019-_").filter(lambda character: character != token[at]))
    assert TOKENS.read_refresh(token[:at] + other + token[at + 1 :]) is None
