"""The least that a write can cost here: one row in one synced transaction, from Python."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def bare_sqlite(path: Path) -> Callable[[], object]:
    """A function that writes one row with ``synchronous = FULL``."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS floor (n INTEGER)")

    def write() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO floor VALUES (1)")
        connection.execute("COMMIT")

    return write


def bare_postgres(url: str) -> Callable[[], object]:
    """A function that commits one row."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TABLE IF NOT EXISTS floor (n BIGINT)")

    def write() -> None:
        connection.execute("BEGIN")
        connection.execute("INSERT INTO floor VALUES (1)")
        connection.execute("COMMIT")

    return write
