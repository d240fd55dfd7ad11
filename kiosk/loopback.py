"""Which names and addresses mean this machine itself."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final

HERE: Final = "127.0.0.1"
_NAMES: Final = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})


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
