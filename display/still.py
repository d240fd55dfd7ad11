"""Takes a still out of a video.    python -m display.still VIDEO STILL

Says on standard output ``{"width", "height", "seconds"}``: the pixels of the still, a JPEG, and how
long the video is, 0 for who knows. Ends with 2 when the video cannot be played, 3 when its pictures
are too large, 4 when the player is missing on this machine, 5 when the still cannot be written.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import Final

MOST_SECONDS: Final = 18
"""Whoever asked has gone by then."""
MOST_MEMORY: Final = 3 << 30
"""Address room: a player of a 4K video takes 1.5 GB of it, and a small part of that as memory."""
MOST_PIXELS: Final = 4096 * 2304
LONGEST_SIDE: Final = 1920
BEGIN: Final = 0.1
"""Where the still is taken, as part of the whole: many videos begin with a dark picture."""
LATEST_MS: Final = 5000
BROKEN, LARGE, NO_PLAYER, DISK = 2, 3, 4, 5


def main(video: str, still: str) -> int:
    signal.alarm(MOST_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_FFMPEG_DECODING_HW_DEVICE_TYPES"] = ","
    try:
        from PySide6.QtCore import Qt, QUrl
        from PySide6.QtGui import QGuiApplication, QImageWriter
        from PySide6.QtMultimedia import QMediaMetaData, QMediaPlayer, QVideoFrame, QVideoSink
    except ImportError:
        return NO_PLAYER
    app = QGuiApplication(sys.argv[:1])
    player, sink = QMediaPlayer(), QVideoSink()
    player.setVideoSink(sink)
    frames: list[QVideoFrame] = []
    wanted = 0

    def on_status(status: QMediaPlayer.MediaStatus) -> None:
        nonlocal wanted
        if status == QMediaPlayer.MediaStatus.LoadedMedia:
            size = player.metaData().value(QMediaMetaData.Key.Resolution)
            if size is not None and size.width() * size.height() > MOST_PIXELS:
                app.exit(LARGE)
                return
            if player.isSeekable() and player.duration() > 0:
                wanted = min(int(player.duration() * BEGIN), LATEST_MS)
                player.setPosition(wanted)
            player.play()
        elif status == QMediaPlayer.MediaStatus.EndOfMedia:
            app.exit(0 if frames else BROKEN)
        elif status == QMediaPlayer.MediaStatus.InvalidMedia:
            app.exit(BROKEN)

    def on_frame(frame: QVideoFrame) -> None:
        if not frame.isValid():
            return
        frames[:] = [frame]
        if frame.startTime() < 0 or frame.startTime() >= wanted * 1000:
            app.exit(0)

    player.mediaStatusChanged.connect(on_status)
    player.errorOccurred.connect(lambda *_: app.exit(0 if frames else BROKEN))
    sink.videoFrameChanged.connect(on_frame)
    player.setSource(QUrl.fromLocalFile(video))
    code = app.exec()
    if code or not frames:
        return code or BROKEN
    picture = frames[0].toImage()
    if picture.isNull():
        return BROKEN
    if picture.width() * picture.height() > MOST_PIXELS:
        return LARGE
    if max(picture.width(), picture.height()) > LONGEST_SIDE:
        picture = picture.scaled(
            LONGEST_SIDE,
            LONGEST_SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    writer = QImageWriter(still, b"JPEG")
    writer.setQuality(88)
    if not writer.write(picture):
        return DISK
    seconds = max(0, player.duration()) / 1000
    told = {"width": picture.width(), "height": picture.height(), "seconds": seconds}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    # Without a goodbye: the player's threads may be in the middle of a damaged picture.
    os._exit(main(*sys.argv[1:3]))
