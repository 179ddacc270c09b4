"""The receiver of these tests reads what the RFC says a browser reads."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec

from tests.push_receiver import Device

# RFC 8291, section 5.
PRIVATE_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
TEXT = b"When I grow up, I want to be a watermelon"


def test_the_example_of_the_rfc() -> None:
    number = int.from_bytes(bytes_of(PRIVATE_KEY), "big")
    device = Device("https://push.example.net/push/1", ec.derive_private_key(number, ec.SECP256R1()), bytes_of(AUTH))
    assert device.read(bytes_of(BODY)) == TEXT


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
