-- A lane of its own keeps a job that may hang from holding up the others.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT '';

ALTER TABLE api_keys ADD COLUMN used_at INTEGER;

-- Programs that are told what happens. The secret is sealed.
CREATE TABLE webhook_endpoints (
    id            BLOB    PRIMARY KEY,
    url           TEXT    NOT NULL,
    kinds         TEXT    NOT NULL,
    include_text  INTEGER NOT NULL,
    secret        BLOB    NOT NULL,
    made_by       TEXT    NOT NULL,
    made_at       INTEGER NOT NULL,
    paused_at     INTEGER,
    paused_why    TEXT,
    failing_since INTEGER
) STRICT, WITHOUT ROWID;

-- What there is to tell. `data` is null once it was erased; `words` is for endpoints that asked for
-- what visitors wrote.
CREATE TABLE webhook_messages (
    id    BLOB    PRIMARY KEY,
    kind  TEXT    NOT NULL,
    at    INTEGER NOT NULL,
    chat  BLOB,
    data  TEXT,
    words TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_messages_at ON webhook_messages (at);
CREATE INDEX webhook_messages_chat ON webhook_messages (chat) WHERE chat IS NOT NULL;

-- To whom each message goes, and how far that is.
CREATE TABLE webhook_deliveries (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    message  BLOB    NOT NULL REFERENCES webhook_messages (id) ON DELETE CASCADE,
    endpoint BLOB    NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    state    TEXT    NOT NULL,
    UNIQUE (message, endpoint)
) STRICT;
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint, id);
CREATE INDEX webhook_deliveries_missed ON webhook_deliveries (endpoint)
    WHERE state IN ('failed', 'held');

CREATE TABLE webhook_attempts (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery INTEGER NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    ms       INTEGER NOT NULL,
    status   INTEGER,
    error    TEXT,
    answer   TEXT
) STRICT;
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (delivery, id);
