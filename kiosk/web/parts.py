"""What all endpoints of the web process share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk.health import Outage
from kiosk.tries import (
    MINUTE,
    PINS_FROM_ONE,
    PINS_OF_ONE,
    PINS_OF_ONE_ELSEWHERE,
    QUARTER,
    Limit,
    at_most,
)
from kiosk.web.board_media import BoardMedia
from kiosk.web.copies import CopiesWatch
from kiosk.web.feed import Feed
from kiosk.web.lanes import Lane, Places, WritingLane

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request

    from kiosk.health import Trouble
    from kiosk.office.centre import Centre
    from kiosk.web.current import Current
    from kiosk.web.metrics import Calls

HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Pins:
    """Wrong PINs and passwords: of a login by each ``access.asker``, and of each, whoever's."""

    # By what was typed, whether or not such a clerk exists: nobody learns which do.
    of_login: Limit = field(default_factory=lambda: Limit(PINS_OF_ONE))
    from_one: Limit = field(default_factory=lambda: Limit(PINS_FROM_ONE))


@dataclass(frozen=True, slots=True)
class Limits:
    """What is counted: by login, by ``access.asker`` and, where nobody can be known, by the address
    that asks. Wrong second factors of dossiers are counted in the store."""

    # Wrong digits of receipts that one clerk checks at hand-overs.
    receipts_by_clerk: Limit = field(default_factory=lambda: Limit(at_most(30, QUARTER)))
    look_ups_from: Limit = field(default_factory=lambda: Limit(at_most(60, MINUTE)))
    # Where everybody may ask, by network, and all together: a phone of a family asks a few times,
    # a carrier's many phones share an address, and whoever reads codes in a row is soon slowed.
    asks_from: Limit = field(default_factory=lambda: Limit(at_most(30, MINUTE)))
    asks_of_day_from: Limit = field(default_factory=lambda: Limit(at_most(300, DAY)))
    asks: Limit = field(default_factory=lambda: Limit(at_most(3000, MINUTE), code="too_busy"))
    # Wrong ones, there; from a thousand addresses at a thousand codes they are still so few.
    secrets_of_code_in_day: Limit = field(default_factory=lambda: Limit(at_most(20, DAY)))
    secrets: Limit = field(default_factory=lambda: Limit(at_most(60, HOUR)))
    # Who types a name asks at each letter.
    searches_from: Limit = field(default_factory=lambda: Limit(at_most(300, MINUTE)))
    # The phones of a whole hall may share one address, and each asks six times a minute.
    follows_from: Limit = field(default_factory=lambda: Limit(at_most(600, MINUTE)))
    # Apart, so that however many strangers try, what a known device tried is not forgotten.
    pins_here: Pins = field(default_factory=Pins)
    pins_elsewhere: Pins = field(default_factory=Pins)
    pins_of_login_elsewhere: Limit = field(default_factory=lambda: Limit(PINS_OF_ONE_ELSEWHERE))
    device_codes_from: Limit = field(default_factory=lambda: Limit(at_most(10, MINUTE)))
    # One a second: twice what the busiest machine of a hall gives; all sixty may come at once.
    orders_of_device: Limit = field(
        default_factory=lambda: Limit(at_most(60, MINUTE), code="too_many_orders")
    )
    # Of eight megabytes each, on their way or waiting for their turn.
    bodies: Places = field(default_factory=lambda: Places(4, seconds=5))
    # Ten a second: a program that asks for each of a hall's sixty counters, and far from a flood.
    calls_of_key: Limit = field(
        default_factory=lambda: Limit(at_most(600, MINUTE), code="too_many_calls")
    )


@dataclass(frozen=True, slots=True)
class Common:
    """What the pages for everybody need too."""

    current: Current
    reader: Lane
    limits: Limits

    @property
    def centre(self) -> Centre:
        """The office as it is now; read it once for each call."""
        return self.current.centre


@dataclass(frozen=True, slots=True)
class Visitors(Common):
    """What the pages for everybody stand on where they are served alone; ``searches`` is where
    dossiers are looked up, apart from the phones that follow a ticket."""

    searches: Lane


@dataclass(frozen=True, slots=True)
class Parts(Common):
    """``door`` is where PINs are checked: slow on purpose, so never in front of a call. ``archive``
    reads what takes long: a day's figures, the events. ``incoming`` takes in what another program
    brings.

    ``trouble`` tells what keeps the store from being written, ``unread`` from being read.
    """

    writer: WritingLane
    door: Lane
    archive: Lane
    incoming: Lane
    feed: Feed
    board_media: BoardMedia
    copies: CopiesWatch
    calls: Calls
    trouble: Callable[[], Trouble | None]
    unread: Outage

    def close(self) -> None:
        self.feed.close()
        self.board_media.close()
        self.copies.close()
        for lane in (self.reader, self.writer, self.door, self.archive, self.incoming):
            lane.close()


def build(current: Current, trouble: Callable[[], Trouble | None], calls: Calls) -> Parts:
    centre = current.centre
    reader, writer = Lane("web-read"), WritingLane("web-write", centre.database)
    feed, limits = Feed(current, reader), Limits()
    unread = Outage(centre.wall)
    door, archive, incoming = Lane("web-door"), Lane("web-archive"), Lane("web-incoming")
    lanes = writer, door, archive, incoming
    beside = BoardMedia(), CopiesWatch(current), calls
    return Parts(current, reader, limits, *lanes, feed, *beside, trouble, unread)


def of(request: Request) -> Parts:
    """In the web of staff."""
    parts: Parts = request.app.state.parts
    return parts


def visitors(request: Request) -> Visitors:
    """Where only the pages for everybody are served."""
    parts: Visitors = request.app.state.parts
    return parts


def common(request: Request) -> Common:
    """In either."""
    parts: Common = request.app.state.parts
    return parts
