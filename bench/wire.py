"""A client that costs little: prepared requests on kept connections, all from one thread."""

from __future__ import annotations

import json
import selectors
import socket
import time
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: str
    body: bytes


class Wire:
    """One connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def close(self) -> None:
        self.socket.close()

    def ask(self, request: bytes) -> Answer:
        self.socket.sendall(request)
        while (answer := self.receive()) is None:
            pass
        return answer

    def receive(self) -> Answer | None:
        """The answer once it is whole."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server hung up")
        answer, self._buffer = answer_in(self._buffer + piece)
        return answer


def answer_in(received: bytes) -> tuple[Answer | None, bytes]:
    """The first answer of what was received, once it is whole, and what follows it."""
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return None, received
    _, named, length = head.lower().partition(b"content-length:")
    size = int(length.split(b"\r\n", 1)[0]) if named else 0
    if len(body) < size:
        return None, received
    return Answer(int(head[9:12]), head.decode(), body[:size]), body[size:]


def post(path: str, body: object, *headers: str) -> bytes:
    data = json.dumps(body).encode()
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        *headers,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def ask_at_once(
    port: int, clients: Sequence[Sequence[bytes]], seconds: float
) -> tuple[list[float], float]:
    """Each client sends its requests in turn, each as soon as the last one is answered.

    Returns the milliseconds of each, and how many were answered in a second.
    """
    wires = {Wire(port): cycle(requests) for requests in clients}
    times: list[float] = []
    sent: dict[Wire, float] = {}
    with selectors.DefaultSelector() as selector:
        begun = time.perf_counter()
        for wire, requests in wires.items():
            selector.register(wire.socket, selectors.EVENT_READ, wire)
            _send(wire, next(requests), sent)
        while sent:
            for key, _ in selector.select():
                wire = key.data
                answer = wire.receive()
                if answer is None:
                    continue
                now = time.perf_counter()
                times.append((now - sent.pop(wire)) * 1e3)
                check(answer)
                if now - begun < seconds:
                    _send(wire, next(wires[wire]), sent)
        took = time.perf_counter() - begun
    for wire in wires:
        wire.close()
    return times, len(times) / took


def check(answer: Answer) -> None:
    """Only an answer that gave a ticket counts: "nobody waits" (204) costs next to nothing."""
    if answer.status not in (200, 201):
        raise RuntimeError(f"{answer.status} {answer.body.decode()}")


def _send(wire: Wire, request: bytes, sent: dict[Wire, float]) -> None:
    sent[wire] = time.perf_counter()
    wire.socket.sendall(request)
