"""Which network addresses are the public's, and which lead inside: to this machine, its network, its cloud."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # by NAT64 (RFC 6052): the last 32 bits are an IPv4 address


def is_public(address: str) -> bool:
    """False also for an IPv6 address that is a way to an IPv4 address inside."""
    judged = ipaddress.ip_address(address)
    if isinstance(judged, IPv6Address):
        reached = _reached_by(judged)
        if reached is not None:
            return is_public(str(reached))
        if judged not in _GLOBAL_UNICAST:
            return False
    return judged.is_global and not judged.is_multicast and not judged.is_reserved


def _reached_by(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
