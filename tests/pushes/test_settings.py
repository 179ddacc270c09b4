"""The key of Web Push: as the command line makes it, and refused in a line where it is none."""

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from settings import Settings
from stores.vapid import Vapid
from tests.dev.processes import photofeed
from tests.pushes.conftest import CONTACT, VAPID_KEY


def with_key(settings: Settings, **given: str) -> Settings:
    return Settings.model_validate({**settings.model_dump(exclude_unset=True), **given})


def test_the_command_makes_another_key_each_time_with_what_else_to_set(settings: Settings) -> None:
    printed = [photofeed("vapid").stdout for _ in range(2)]
    assert printed[0] != printed[1]
    variables: dict[str, Any] = dict(line.split("=", 1) for line in printed[0].splitlines())
    given = {name.removeprefix("PHOTOFEED_").lower(): value for name, value in variables.items()}
    made = with_key(settings, **given)
    assert isinstance(made.vapid_private_key, SecretStr)
    assert made.vapid_contact is not None
    assert len(Vapid(made.vapid_private_key.get_secret_value(), made.vapid_contact).public_key) == 87


@pytest.mark.parametrize("key", ["short", "ü" * 43, "=" * 43, "A" * 44])
def test_what_is_no_key_is_refused(settings: Settings, key: str) -> None:
    with pytest.raises(ValidationError, match="vapid_private_key"):
        with_key(settings, vapid_private_key=key, vapid_contact=CONTACT)


@pytest.mark.parametrize("contact", ["somebody@photofeed.example", "http://photofeed.example"])
def test_a_contact_is_an_address_to_write_to(settings: Settings, contact: str) -> None:
    with pytest.raises(ValidationError, match="vapid_contact"):
        with_key(settings, vapid_private_key=VAPID_KEY, vapid_contact=contact)


def test_a_key_goes_with_a_contact(settings: Settings) -> None:
    with pytest.raises(ValidationError, match="vapid_contact"):
        with_key(settings, vapid_private_key=VAPID_KEY)
