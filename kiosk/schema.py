"""The store's tables, as numbered migrations in the common part of SQLite and PostgreSQL.

Every table is keyed by ``office`` (the unit code), ids are TEXT made by the client, moments are
fixed-width UTC TEXT (``calendar.stamp``). A migration is never edited once released.
"""

from __future__ import annotations

from typing import Final

from kiosk.dossier_schema import DOSSIERS, IMPORTS, INTAKE, LOOK_UPS, PROCEDURES
from kiosk.first_schema import FIRST

_SECOND: Final = """
ALTER TABLE series ADD COLUMN first_n BIGINT NOT NULL DEFAULT 1;

ALTER TABLE ticket ADD COLUMN line TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN waits_since TEXT;
ALTER TABLE ticket ADD COLUMN due_at TEXT;
ALTER TABLE ticket ADD COLUMN journey TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN announced_at TEXT;
ALTER TABLE ticket ADD COLUMN misses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN outcome TEXT;
ALTER TABLE ticket ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
UPDATE ticket SET line = priority, waits_since = issued_at, announced_at = called_at;
DROP INDEX ticket_line;
CREATE INDEX ticket_line ON ticket (office, day, service, line, place, counter)
    WHERE state = 'waiting';
DROP INDEX ticket_served;
DROP INDEX print_job_ticket;

CREATE TABLE pace (
    office TEXT NOT NULL,
    service TEXT NOT NULL,
    hour BIGINT NOT NULL CHECK (hour BETWEEN -1 AND 23),
    recent TEXT NOT NULL,
    n BIGINT NOT NULL,
    mean BIGINT NOT NULL,
    spread BIGINT NOT NULL,
    PRIMARY KEY (office, service, hour)
);

CREATE TABLE office_day (
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    began_at TEXT NOT NULL,
    PRIMARY KEY (office, day)
);

INSERT INTO office_day (office, day, began_at)
    SELECT office, day, MIN(issued_at) FROM ticket GROUP BY office, day;

CREATE TABLE counter_state (
    office TEXT NOT NULL,
    counter BIGINT NOT NULL,
    day TEXT NOT NULL,
    memory TEXT NOT NULL DEFAULT '{}',
    last_move TEXT,
    PRIMARY KEY (office, counter)
);

ALTER TABLE clerk_session ADD COLUMN paused_at TEXT;
ALTER TABLE clerk_session ADD COLUMN pause_reason TEXT NOT NULL DEFAULT '';

CREATE TABLE appointment (
    office TEXT NOT NULL,
    code TEXT NOT NULL,
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    due_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('booked', 'arrived', 'missed', 'cancelled')),
    ticket TEXT,
    dossier TEXT,
    booked_at TEXT NOT NULL,
    PRIMARY KEY (office, code)
);
CREATE INDEX appointment_day ON appointment (office, day, due_at);

DROP INDEX event_call;
CREATE INDEX event_call ON event (office, seq)
    WHERE kind IN ('ticket.called', 'ticket.recalled', 'ticket.undone');
"""

_THIRD: Final = """
CREATE INDEX ticket_longest ON ticket (office, day, service, waits_since, place)
    WHERE state = 'waiting' AND counter IS NULL;
"""

_FOURTH: Final = """
CREATE TABLE printer (
    office TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    place TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    probed_at TEXT NOT NULL,
    PRIMARY KEY (office, kiosk)
);

CREATE TABLE roll (
    office TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    millimetres BIGINT NOT NULL DEFAULT 0,
    slips BIGINT NOT NULL DEFAULT 0,
    ran_out BIGINT NOT NULL DEFAULT 0 CHECK (ran_out IN (0, 1)),
    since TEXT NOT NULL,
    PRIMARY KEY (office, kiosk)
);

ALTER TABLE print_job ADD COLUMN millimetres BIGINT NOT NULL DEFAULT 0;
"""

_FIFTH: Final = """
CREATE TABLE waiting_line (
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    line TEXT NOT NULL,
    waiting BIGINT NOT NULL CHECK (waiting >= 0),
    PRIMARY KEY (office, day, service, line)
);

INSERT INTO waiting_line (office, day, service, line, waiting)
    SELECT office, day, service, line, COUNT(*) FROM ticket
    WHERE state = 'waiting' AND counter IS NULL GROUP BY office, day, service, line;
"""

_SIXTH: Final = """
CREATE TABLE outbox (
    office TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    machine TEXT NOT NULL,
    process TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (office, kiosk)
);
"""

_SEVENTH: Final = """
DROP INDEX print_job_queue;
DROP INDEX print_job_unsettled;
CREATE INDEX print_job_unsettled ON print_job (office, kiosk, state, place)
    WHERE state IN ('queued', 'sending', 'unknown', 'failed');
"""

_EIGHTH: Final = """
ALTER TABLE clerk ADD COLUMN role TEXT NOT NULL DEFAULT 'clerk'
    CHECK (role IN ('clerk', 'reception', 'supervisor', 'technician'));

CREATE TABLE staff_session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    clerk TEXT NOT NULL,
    counter BIGINT,
    csrf TEXT NOT NULL,
    created_at TEXT NOT NULL,
    acted_at TEXT NOT NULL,
    ended_at TEXT,
    paused_at TEXT,
    pause_reason TEXT NOT NULL DEFAULT ''
);
INSERT INTO staff_session (token_hash, office, clerk, counter, csrf, created_at, acted_at, ended_at,
    paused_at, pause_reason)
    SELECT token_hash, office, clerk, counter, csrf, created_at, acted_at, ended_at,
    paused_at, pause_reason FROM clerk_session;
DROP TABLE clerk_session;
CREATE INDEX staff_session_live ON staff_session (office, counter) WHERE ended_at IS NULL;

CREATE TABLE enrolment (
    office TEXT NOT NULL,
    name TEXT NOT NULL,
    counter BIGINT,
    code_hash TEXT,
    code_until TEXT,
    secret_hash TEXT,
    added_at TEXT NOT NULL,
    enrolled_at TEXT,
    PRIMARY KEY (office, name)
);
CREATE INDEX enrolment_secret ON enrolment (office, secret_hash) WHERE secret_hash IS NOT NULL;

CREATE TABLE counter_order (
    office TEXT NOT NULL,
    counter BIGINT NOT NULL,
    day TEXT NOT NULL,
    closed BIGINT NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    services TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (office, counter)
);

CREATE TABLE lifted_limit (
    office TEXT NOT NULL,
    service TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (office, service)
);

CREATE TABLE alarm (
    office TEXT NOT NULL,
    counter BIGINT NOT NULL,
    clerk TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    answered_by TEXT,
    PRIMARY KEY (office, counter)
);
"""

_NINTH: Final = """
CREATE TABLE keypad (
    office TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    line BIGINT NOT NULL,
    address BIGINT NOT NULL,
    session TEXT NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence BETWEEN 0 AND 255),
    answer TEXT NOT NULL,
    PRIMARY KEY (office, kiosk, line, address)
);
"""

_TENTH: Final = """
CREATE TABLE api_key (
    office TEXT NOT NULL,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    added_at TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (office, name)
);
CREATE UNIQUE INDEX api_key_hash ON api_key (office, key_hash);

CREATE TABLE webhook (
    office TEXT NOT NULL,
    name TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    process TEXT,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (office, name)
);
"""

_ELEVENTH: Final = """
CREATE TABLE visit_note (
    office TEXT NOT NULL,
    ticket TEXT NOT NULL,
    at TEXT NOT NULL,
    clerk TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (office, ticket, at)
);
"""

_TWELFTH: Final = """
CREATE TABLE rating (
    office TEXT NOT NULL,
    ticket TEXT NOT NULL,
    day TEXT NOT NULL,
    counter BIGINT NOT NULL,
    clerk TEXT NOT NULL,
    level TEXT NOT NULL,
    rated_at TEXT NOT NULL,
    PRIMARY KEY (office, ticket)
);
CREATE INDEX rating_day ON rating (office, day, counter, clerk, level);
"""

_PAUSES: Final = """
CREATE TABLE paused_service (
    office TEXT NOT NULL,
    service TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (office, service)
);
"""

_ALERTS: Final = """
CREATE TABLE alert (
    office TEXT NOT NULL,
    road TEXT NOT NULL CHECK (road IN ('email', 'webhook')),
    kiosk TEXT NOT NULL,
    device TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('warning', 'fault')),
    reason TEXT NOT NULL,
    since TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (office, road, kiosk, device)
);
"""

_ERASURES: Final = """
CREATE TABLE erased (
    office TEXT NOT NULL,
    dossier TEXT NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('term', 'request')),
    at TEXT NOT NULL,
    PRIMARY KEY (office, dossier)
);

CREATE TABLE erasure (
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    began_at TEXT NOT NULL,
    ended_at TEXT,
    counted TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (office, day)
);
"""

MIGRATIONS: Final = (
    FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH, _SEVENTH, _EIGHTH, _NINTH, _TENTH,
    _ELEVENTH, _TWELFTH, DOSSIERS, IMPORTS, PROCEDURES, LOOK_UPS, INTAKE,
    _PAUSES, _ALERTS, _ERASURES,
)  # fmt: skip
"""Migration n (from 1) brings a store from version n - 1 to n."""

FITS: Final = 18
"""The oldest programs, by their last migration, that can work on tables of today's version.

A release only adds: tables, columns with a default, indexes. So the one before it can go on beside
it while an update is under way, and after it when the update was taken back; what nobody uses any
more goes a release later, which raises this number to that of the release in between."""
FITTING: Final = "CREATE TABLE IF NOT EXISTS schema_fits (oldest BIGINT NOT NULL)"
"""Beside the migrations, for it belongs to no office."""
