-- The log. A payload may be blanked by erasure; everything else about an event is for ever.
CREATE TABLE events (
    pos      INTEGER PRIMARY KEY AUTOINCREMENT,
    stream   BLOB    NOT NULL,
    seq      INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    audience TEXT    NOT NULL,
    payload  TEXT,
    UNIQUE (stream, seq)
) STRICT;

-- The head of each chat: compared and set in the same transaction as every append.
CREATE TABLE chats (
    id           BLOB    PRIMARY KEY,
    site         TEXT    NOT NULL,
    visitor      BLOB    NOT NULL,
    state        TEXT    NOT NULL,
    owner        BLOB,
    epoch        INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL,
    visitor_seq  INTEGER NOT NULL,
    answered_seq INTEGER NOT NULL,
    awaits_bot   INTEGER NOT NULL,
    UNIQUE (site, visitor)
) STRICT, WITHOUT ROWID;
CREATE INDEX chats_awaiting ON chats (id) WHERE awaits_bot = 1;

-- What a client already sent, so that sending it again changes nothing.
CREATE TABLE sent (
    stream    BLOB    NOT NULL,
    client_id TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (stream, client_id)
) STRICT, WITHOUT ROWID;

-- How far each subscriber has read the log.
CREATE TABLE cursors (
    subscriber TEXT PRIMARY KEY,
    pos        INTEGER NOT NULL
) STRICT;

-- Projection: the staff's queue.
CREATE TABLE inbox (
    chat    BLOB PRIMARY KEY,
    rank    INTEGER NOT NULL,
    score   INTEGER NOT NULL,
    since   INTEGER NOT NULL,
    row     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_order ON inbox (rank, score DESC, since);

-- Projection: questions without an answer.
CREATE TABLE gaps (
    question TEXT PRIMARY KEY,
    asked    INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    chat     BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
    key     TEXT PRIMARY KEY,
    origins TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id       BLOB PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    role     TEXT NOT NULL,
    password TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token      BLOB    PRIMARY KEY,
    user       BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Versions of the shop's knowledge, whole. The greatest published one is served.
CREATE TABLE knowledge (
    version   INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    catalogue TEXT    NOT NULL
) STRICT;

-- Trained intent heads by what they were trained on, so that a restart trains nothing.
CREATE TABLE heads (
    key  BLOB PRIMARY KEY,
    head TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Embeddings by the text they stand for, so that an import embeds only what is new.
CREATE TABLE vectors (
    model  TEXT NOT NULL,
    text   BLOB NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (model, text)
) STRICT, WITHOUT ROWID;
