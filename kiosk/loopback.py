"""Which names and addresses mean this machine itself, and which mean one network."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final

HERE: Final = "127.0.0.1"
_NAMES: Final = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})


@lru_cache(maxsize=1000)
def network_of(address: str) -> str:
    """Whose addresses cannot be told apart: of IPv6 all of one /64, which a single line is given;
    of IPv4 each by itself. What is no address stands for itself."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(known) >> 64 << 64, 64)))


@lru_cache(maxsize=1000)
def is_loopback(host: str) -> bool:
    """Whether nobody on the network can be meant by it; no name is looked up."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return name in _NAMES or name.endswith(".localhost")
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
