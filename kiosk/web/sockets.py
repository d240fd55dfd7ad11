"""The socket at which the web listens."""

from __future__ import annotations

import errno
import socket

from kiosk.errors import Unavailable


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; Unavailable: port_in_use, bad_address (host, port)."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=512)
    except OSError as error:
        code = "port_in_use" if error.errno == errno.EADDRINUSE else "bad_address"
        raise Unavailable(code, host=host, port=port) from error
    # asyncio does so only for sockets made with IPPROTO_TCP; without it each answer on a kept
    # connection waits 40 ms for the other side's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
