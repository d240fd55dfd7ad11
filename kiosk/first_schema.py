"""The tables of the first version of a store; ``schema`` tells what has become of them since."""

from __future__ import annotations

from typing import Final

FIRST: Final = """
CREATE TABLE series (
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    code TEXT NOT NULL,
    last BIGINT NOT NULL CHECK (last > 0),
    PRIMARY KEY (office, day, code)
);

CREATE TABLE ticket (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 12),
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    series TEXT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    number TEXT NOT NULL,
    service TEXT NOT NULL,
    priority TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'serving', 'parked',
        'finished', 'no_show', 'cancelled', 'expired')),
    place BIGINT NOT NULL,
    counter BIGINT,
    calls BIGINT NOT NULL DEFAULT 0,
    kiosk TEXT NOT NULL,
    request_id TEXT,
    dossier TEXT,
    issued_at TEXT NOT NULL,
    called_at TEXT,
    started_at TEXT,
    ended_at TEXT,
    CHECK ((state IN ('called', 'serving')) <= (counter IS NOT NULL)),
    UNIQUE (office, day, series, n),
    UNIQUE (office, request_id)
);
CREATE INDEX ticket_line ON ticket (office, day, service, priority, place)
    WHERE state = 'waiting';
CREATE INDEX ticket_sent ON ticket (office, day, counter, place)
    WHERE state = 'waiting' AND counter IS NOT NULL;
CREATE INDEX ticket_parked ON ticket (office, day, counter, place) WHERE state = 'parked';
CREATE INDEX ticket_missed ON ticket (office, day, counter, ended_at) WHERE state = 'no_show';
CREATE UNIQUE INDEX ticket_at_counter ON ticket (office, counter)
    WHERE state IN ('called', 'serving');
CREATE INDEX ticket_served ON ticket (office, service, ended_at) WHERE state = 'finished';

CREATE TABLE clerk (
    office TEXT NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    PRIMARY KEY (office, login)
);

CREATE TABLE clerk_session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    clerk TEXT NOT NULL,
    counter BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    created_at TEXT NOT NULL,
    acted_at TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX clerk_session_live ON clerk_session (office, counter) WHERE ended_at IS NULL;

CREATE TABLE asked (
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    counter BIGINT NOT NULL,
    request_id TEXT NOT NULL,
    ticket TEXT,
    PRIMARY KEY (office, day, counter, request_id)
);

CREATE TABLE dossier (
    office TEXT NOT NULL,
    code TEXT NOT NULL,
    status BIGINT NOT NULL CHECK (status BETWEEN 1 AND 10),
    procedure_code TEXT,
    procedure_name TEXT NOT NULL,
    field TEXT,
    channel BIGINT CHECK (channel IN (1, 2, 3)),
    receiving_unit TEXT,
    resolving_unit TEXT,
    handler TEXT,
    owner_name TEXT,
    phone TEXT,
    address TEXT,
    id_number TEXT,
    secret TEXT,
    fee BIGINT,
    fee_paid BIGINT NOT NULL DEFAULT 0 CHECK (fee_paid IN (0, 1)),
    received_at TEXT,
    due_at TEXT,
    new_due_at TEXT,
    finished_at TEXT,
    returned_at TEXT,
    imported_at TEXT NOT NULL,
    PRIMARY KEY (office, code)
);

CREATE TABLE dossier_step (
    office TEXT NOT NULL,
    dossier TEXT NOT NULL,
    n BIGINT NOT NULL,
    status BIGINT NOT NULL CHECK (status BETWEEN 1 AND 10),
    unit TEXT,
    handler TEXT,
    at TEXT,
    note TEXT,
    PRIMARY KEY (office, dossier, n)
);

CREATE TABLE print_job (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    place BIGINT NOT NULL,
    ticket TEXT,
    slip TEXT NOT NULL,
    data TEXT NOT NULL,
    copy BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'printed', 'unknown', 'failed')),
    evidence TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    sending_at TEXT,
    ended_at TEXT
);
CREATE INDEX print_job_queue ON print_job (office, kiosk, place) WHERE state = 'queued';
CREATE INDEX print_job_unsettled ON print_job (office, kiosk, place)
    WHERE state IN ('queued', 'sending', 'unknown', 'failed');
CREATE INDEX print_job_ticket ON print_job (ticket);

CREATE TABLE device (
    office TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ok', 'warning', 'fault')),
    reason TEXT NOT NULL DEFAULT '',
    since TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (office, kiosk, name)
);

CREATE TABLE event (
    office TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    ticket TEXT,
    counter BIGINT,
    clerk TEXT,
    dossier TEXT,
    details TEXT NOT NULL DEFAULT '{}',
    digest TEXT NOT NULL,
    PRIMARY KEY (office, seq)
);
CREATE INDEX event_call ON event (office, seq)
    WHERE kind IN ('ticket.called', 'ticket.recalled');
CREATE INDEX event_ticket ON event (ticket) WHERE ticket IS NOT NULL;
"""
