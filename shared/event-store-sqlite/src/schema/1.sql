-- The log. What the product says about an event is in its two blobs, byte by byte as written;
-- the other columns only find them.

CREATE TABLE streams (
  id      INTEGER PRIMARY KEY,
  company BLOB NOT NULL CHECK (length(company) = 16),
  kind    TEXT NOT NULL,
  key     TEXT NOT NULL,
  UNIQUE (company, kind, key)
) STRICT;

CREATE TABLE events (
  position    INTEGER PRIMARY KEY,
  stream      INTEGER NOT NULL REFERENCES streams (id),
  revision    INTEGER NOT NULL,
  id          BLOB NOT NULL CHECK (length(id) = 16),
  recorded_at INTEGER NOT NULL, -- nanoseconds since 1970, as in the envelope
  envelope    BLOB NOT NULL,
  data        BLOB NOT NULL,
  UNIQUE (stream, revision)
) STRICT;

-- Positions and revisions have no gaps. This also refuses INSERT OR REPLACE, which fires no DELETE trigger.
CREATE TRIGGER events_are_dense BEFORE INSERT ON events
WHEN NEW.position IS NOT (SELECT ifnull(max(position), 0) + 1 FROM events)
  OR NEW.revision IS NOT (SELECT ifnull(max(revision), -1) + 1 FROM events WHERE stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;

CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log only grows: events are never deleted'); END;

CREATE TRIGGER events_do_not_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log only grows: events are never changed'); END;

CREATE TRIGGER streams_are_new BEFORE INSERT ON streams
WHEN EXISTS (SELECT 1 FROM streams WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM streams WHERE company = NEW.company AND kind = NEW.kind AND key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'the stream is there already'); END;

CREATE TRIGGER streams_stay BEFORE DELETE ON streams
BEGIN SELECT RAISE(ABORT, 'the log only grows: streams are never deleted'); END;

CREATE TRIGGER streams_do_not_change BEFORE UPDATE ON streams
BEGIN SELECT RAISE(ABORT, 'the log only grows: streams are never changed'); END;
