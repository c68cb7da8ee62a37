-- Whether the log's first and last event are where they must be, through the table and through its index.
WITH ends (position) AS (SELECT min(position) FROM events UNION ALL SELECT max(position) FROM events)
SELECT count(*) = (SELECT count(position) FROM ends)
   AND ifnull((SELECT min(position) FROM ends), 1) = 1
FROM ends
JOIN events AS stored ON stored.position = ends.position AND length(stored.envelope) + length(stored.data) > 0
JOIN streams ON streams.id = stored.stream
JOIN events AS indexed INDEXED BY sqlite_autoindex_events_1
  ON indexed.stream = stored.stream AND indexed.revision = stored.revision AND indexed.position = stored.position;
