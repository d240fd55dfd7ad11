"""The office's folder of pictures and notices, as the web board shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.media import Media, MediaFolder

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.web.current import Current


class BoardMedia:
    """The office's folder as the web board shows it: watched from the first board on."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._folder: MediaFolder | None = None
        self._media = Media()

    def read(self, current: Current) -> Media:
        """What is known of the folder that kiosk.toml names now."""
        config = current.config
        path = config.beside(config.board.media) if config and config.board.media else None
        if path != self._path:
            self.close()
            self._path, self._media = path, Media()
            if path is not None:
                self._folder = MediaFolder(path, self._found)
                self._folder.start()
        return self._media

    def close(self) -> None:
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def _found(self, media: Media) -> None:
        self._media = media
