-- Whose words a gap is made of can be told without reading the whole log.
CREATE INDEX events_gaps ON events (pos) WHERE kind = 'gap_found';

-- Who saw this chat?
CREATE INDEX audit_by_object ON audit (object, pos);

-- Folders that hold backups: what is erased later is noted in each of them.
CREATE TABLE backup_places (
    folder TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Something was blanked, and the file was not yet rewritten without it.
CREATE TABLE unscrubbed (
    since INTEGER NOT NULL
) STRICT;
