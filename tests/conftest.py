"""What every test stands on: Qt without a screen, drawn by the software renderer."""

from __future__ import annotations

import os

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")

from hypothesis import HealthCheck, settings
from PySide6.QtGui import QGuiApplication

settings.register_profile("ci", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication
