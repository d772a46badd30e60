-- Every version of every site's settings; the greatest is in force.
CREATE TABLE site_settings (
    site     TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    by       TEXT    NOT NULL,
    settings TEXT    NOT NULL,
    PRIMARY KEY (site, version)
) STRICT, WITHOUT ROWID;
DROP TABLE sites;
