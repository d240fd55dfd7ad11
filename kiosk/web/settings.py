"""The HTTP calls about kiosk.toml: read, checked, changed, with every change in the trail."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel

from kiosk import settings
from kiosk.database import open_database
from kiosk.errors import Refused
from kiosk.mistakes import BadConfig
from kiosk.office.settings import change_settings
from kiosk.web import access, orders  # noqa: TC001 (FastAPI reads them)
from kiosk.web.described import ERRORS, refusing
from kiosk.web.rendering import spoken
from kiosk.web.route import Direct
from kiosk.web.sockets import listen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.web.parts import Parts
    from kiosk.web_config import Listening

T = TypeVar("T")

router = APIRouter(prefix="/api/settings", responses=ERRORS, route_class=Direct)


class SettingsAnswer(BaseModel):
    """The file with its secrets hidden, and each value by its key, such as "queue.late_minutes" or
    "service[A].daily_limit". ``digest`` goes along with a change."""

    text: str
    digest: str
    values: dict[str, Any]


class ChangeAnswer(BaseModel):
    key: str
    old: Any
    new: Any


class ChangesAnswer(BaseModel):
    """What changed, or would change."""

    digest: str
    changes: tuple[ChangeAnswer, ...]


@router.get("", responses=refusing("no_settings"))
async def read_settings(
    shared: access.Shared, who: access.ForSettings, request: Request
) -> SettingsAnswer:
    """kiosk.toml of this kiosk, as it stands in the file."""
    opened = await _tried(request, shared, settings.open_settings)
    return SettingsAnswer(text=opened.text, digest=opened.digest, values=dict(opened.values))


@router.post(
    "",
    responses=refusing("no_settings", "no_such_setting", "settings_changed", "settings_wrong"),
)
async def change(
    shared: access.Shared, who: access.ForSettings, request: Request, asked: orders.Settings
) -> ChangesAnswer:
    """Checks and keeps new settings: some keys, or the whole text. With ``dry`` it only checks.

    What is kept is applied within seconds: at once here, in the windows as soon as nobody stands
    before them.
    """

    def changed(path: Path) -> tuple[str, tuple[settings.Change, ...], Config]:
        text = asked.text
        if text is None:
            text = settings.wished(path, [settings.Wish(w.key, w.value) for w in asked.wishes])
        kept, changes = settings.changes_to(path, text, asked.digest)
        return kept, changes, settings.prove(path, kept)

    def work(path: Path) -> ChangesAnswer:
        kept, changes, wanted = changed(path)
        _check_address(shared, wanted)
        if not asked.dry and (changes or kept != path.read_text("utf-8-sig")):
            change_settings(
                shared.centre,
                changes,
                lambda: settings.keep(path, kept),
                actor=f"clerk:{who.clerk.login}",
            )
        told = tuple(ChangeAnswer(key=c.key, old=c.old, new=c.new) for c in changes)
        return ChangesAnswer(digest=settings.open_settings(path).digest, changes=told)

    *_, wanted = await _tried(request, shared, changed)
    # A server that does not answer keeps neither calls nor pages waiting.
    await asyncio.to_thread(_check_store, shared, wanted)
    return await _tried(request, shared, work)


def _check_address(shared: Parts, wanted: Config) -> None:
    """A new address is tried first: a page that is nowhere could not be set right on the page.

    Unavailable: port_in_use, bad_address (host, port).
    """
    known = shared.current.config
    assert known is not None
    _try_address(known.web, wanted.web)
    if wanted.public.enabled:
        now = known.public_site if known.public.enabled else None
        _try_address(now, wanted.public_site)


def _try_address(now: Listening | None, new: Listening) -> None:
    """``now`` is what is served, if anything is."""
    if now is not None and (now.served_host, now.port) == (new.served_host, new.port):
        return
    # Another address of the port that is served now cannot be tried while it is in use.
    port = 0 if now is not None and now.port == new.port else new.port
    listen(new.served_host, port).close()


def _check_store(shared: Parts, wanted: Config) -> None:
    """Another store is opened first: without one nobody could sign in to set it right.

    Unavailable: as the store is.
    """
    assert shared.current.config is not None
    now = shared.current.config
    if (now.store.url, now.office.unit_code) != (wanted.store.url, wanted.office.unit_code):
        with closing(
            open_database(wanted.located(wanted.store.url), wanted.office.unit_code)
        ) as new:
            new.prepare()


async def _tried(request: Request, shared: Parts, work: Callable[[Path], T]) -> T:
    """Refused: no_settings, settings_wrong (problems), and what ``work`` refuses."""
    config = shared.current.config
    if config is None:
        raise Refused("no_settings")
    try:
        return await shared.writer.run(lambda: work(config.path))
    except BadConfig as bad:
        words = spoken(request)
        raise Refused(
            "settings_wrong", problems="\n".join(problem.told(words) for problem in bad.problems)
        ) from None
