-- What version 4 wrote. Frozen once it is released.
PRAGMA application_id = 1717921124;
PRAGMA user_version = 4;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'feedd','v1','2026-11-24 12:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'feedd','v2','2026-11-24 12:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'feedd','v3','2026-11-24 12:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'feedd','v4','2026-11-24 12:00:00+00:00');
CREATE TABLE act_changes (
           id INTEGER PRIMARY KEY,
           act_id INTEGER NOT NULL REFERENCES acts(id) ON DELETE CASCADE,
           what TEXT NOT NULL,
           entries BLOB NOT NULL,
           before BLOB,
           after INTEGER
        ) STRICT;
CREATE TABLE acts (
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           at INTEGER NOT NULL,
           command TEXT NOT NULL,
           items INTEGER NOT NULL,
           undone_at INTEGER
        ) STRICT;
CREATE TABLE archive_reads (
           feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
           kind TEXT NOT NULL,
           url TEXT NOT NULL,
           documents_left INTEGER NOT NULL,
           not_before INTEGER NOT NULL,
           paged INTEGER NOT NULL,
           PRIMARY KEY (feed_id, kind)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE "article_blocks" (
   "entry_id" INTEGER PRIMARY KEY REFERENCES "entries"("id") ON DELETE CASCADE,
   "host" TEXT NOT NULL,
   "blocks" BLOB NOT NULL
) STRICT;
CREATE TABLE "article_queue" (
   "entry_id" INTEGER PRIMARY KEY REFERENCES "entries"("id") ON DELETE CASCADE,
   "sort_at" INTEGER NOT NULL,
   "not_before" INTEGER NOT NULL,
   "tries" INTEGER NOT NULL,
   "error" TEXT
) STRICT;
CREATE TABLE "articles" (
   "entry_id" INTEGER PRIMARY KEY REFERENCES "entries"("id") ON DELETE CASCADE,
   "url" TEXT NOT NULL,
   "fetched_at" INTEGER NOT NULL,
   "error" TEXT,
   "title" TEXT,
   "byline" TEXT,
   "published" INTEGER,
   "language" TEXT,
   "lead_image" TEXT,
   "confidence" REAL NOT NULL,
   "html" BLOB
, note TEXT) STRICT;
CREATE TABLE "contents" (
   "entry_id" INTEGER PRIMARY KEY REFERENCES "entries"("id") ON DELETE CASCADE,
   "full" INTEGER NOT NULL,
   "body" BLOB NOT NULL
) STRICT;
INSERT INTO "contents" VALUES(1,0,X'3C703E426F6479206F6620323C2F703E');
INSERT INTO "contents" VALUES(2,0,X'3C703E426F6479206F6620313C2F703E');
CREATE TABLE "counts" (
   "feed_id" INTEGER PRIMARY KEY REFERENCES "feeds"("id") ON DELETE CASCADE,
   "entries" INTEGER NOT NULL,
   "unread" INTEGER NOT NULL
) STRICT;
INSERT INTO "counts" VALUES(1,2,2);
CREATE TABLE "documents" (
   "id" INTEGER PRIMARY KEY,
   "entry_id" INTEGER NOT NULL REFERENCES "entries"("id") ON DELETE CASCADE,
   "source" TEXT NOT NULL
) STRICT;
INSERT INTO "documents" VALUES(1,1,'feed');
INSERT INTO "documents" VALUES(2,2,'feed');
CREATE TABLE entries (
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           feed_id INTEGER NOT NULL REFERENCES feeds(id),
           key TEXT NOT NULL,
           link_hash INTEGER,
           content_hash BLOB NOT NULL,
           title TEXT NOT NULL,
           link TEXT,
           author TEXT,
           published INTEGER,
           updated INTEGER,
           first_seen INTEGER NOT NULL,
           changed_at INTEGER,
           comments TEXT,
           language TEXT,
           categories TEXT,
           enclosures TEXT
        , image TEXT, season INTEGER, episode INTEGER, origin TEXT, words INTEGER, changes INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "entries" VALUES(1,1,'guid-2',2553181471206628944,X'E666306ED0740A8A','Title 2','https://site.example/2',NULL,1799999998,NULL,1800000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "entries" VALUES(2,1,'guid-1',-2294183424642981861,X'0454B2B0F9AE1431','Title 1','https://site.example/1',NULL,1799999999,NULL,1800000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE entry_tags (
           folded TEXT NOT NULL,
           entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
           tag TEXT NOT NULL,
           PRIMARY KEY (folded, entry_id)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE events (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       at INTEGER NOT NULL,
       event TEXT NOT NULL,
       feed_id INTEGER,
       entry_id INTEGER,
       after_entry INTEGER NOT NULL,
       detail TEXT
    ) STRICT;
CREATE TABLE "feeds" (
   "id" INTEGER PRIMARY KEY,
   "name" TEXT NOT NULL,
   "url" TEXT NOT NULL,
   "active_url" TEXT NOT NULL,
   "enabled" INTEGER NOT NULL,
   "removed_at" INTEGER,
   "state" TEXT NOT NULL,
   "title" TEXT,
   "site" TEXT,
   "language" TEXT,
   "poll_count" INTEGER NOT NULL DEFAULT 0,
   "last_poll" INTEGER,
   "last_success" INTEGER,
   "last_full" INTEGER,
   "last_status" INTEGER,
   "last_error" TEXT,
   "failures" INTEGER NOT NULL,
   "failing_since" INTEGER,
   "not_before" INTEGER,
   "next_poll" INTEGER,
   "next_reason" TEXT NOT NULL,
   "interval_s" INTEGER,
   "move_to" TEXT,
   "move_polls" INTEGER NOT NULL,
   "keys" TEXT NOT NULL,
   "hub" TEXT,
   "suggested_url" TEXT,
   "notes" TEXT,
   "etag" TEXT,
   "last_modified" TEXT,
   "validators_url" TEXT,
   "hints" TEXT,
   "rhythm" TEXT NOT NULL,
   "request_fingerprint" BLOB NOT NULL,
   "body_hash" BLOB,
   "item_hashes" BLOB NOT NULL
, gap_at INTEGER, one_story INTEGER NOT NULL DEFAULT 1) STRICT;
INSERT INTO "feeds" VALUES(1,'a','https://a.example/feed','https://a.example/feed',1,NULL,'ok',NULL,NULL,NULL,1,1800000000,1800000000,NULL,200,NULL,0,NULL,NULL,1800003600,'new: never polled',NULL,NULL,0,'guid',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',X'0C962334',NULL,X'',NULL,1);
INSERT INTO "feeds" VALUES(2,'b','https://b.example/feed','https://b.example/feed',1,NULL,'new',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,1800000000,'new: never polled',NULL,NULL,0,'guid',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',X'0C962334',NULL,X'',NULL,1);
INSERT INTO "feeds" VALUES(3,'c','https://c.example/feed','https://c.example/feed',1,NULL,'new',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,1800000000,'new: never polled',NULL,NULL,0,'guid',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',X'0C962334',NULL,X'',NULL,1);
CREATE TABLE lost_feeds (
           feed_id INTEGER PRIMARY KEY REFERENCES feeds(id) ON DELETE CASCADE,
           since INTEGER NOT NULL,
           next_search INTEGER,
           searches INTEGER NOT NULL,
           url TEXT,
           known INTEGER,
           entries INTEGER
        ) STRICT;
CREATE TABLE "marks" (
   "entry_id" INTEGER PRIMARY KEY REFERENCES "entries"("id") ON DELETE CASCADE,
   "feed_id" INTEGER NOT NULL,
   "sort_at" INTEGER NOT NULL,
   "read_at" INTEGER,
   "starred_at" INTEGER,
   "same_as" INTEGER
, hidden_at INTEGER) STRICT;
INSERT INTO "marks" VALUES(1,1,1799999998,NULL,NULL,NULL,NULL);
INSERT INTO "marks" VALUES(2,1,1799999999,NULL,NULL,NULL,NULL);
CREATE TABLE "meta" (
   "key" TEXT PRIMARY KEY NOT NULL,
   "value" TEXT NOT NULL
) STRICT;
INSERT INTO "meta" VALUES('story_cursor','2');
INSERT INTO "meta" VALUES('index_version','1.2');
CREATE TABLE polls (
           feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
           number INTEGER NOT NULL,
           at INTEGER NOT NULL,
           url TEXT,
           status INTEGER,
           bytes INTEGER NOT NULL,
           duration_ms INTEGER NOT NULL,
           new INTEGER NOT NULL,
           changed INTEGER NOT NULL,
           error TEXT,
           next_poll INTEGER,
           reason TEXT NOT NULL, conditional INTEGER, validators_kept INTEGER, redirects INTEGER, moved INTEGER, not_before INTEGER, fresh_until INTEGER,
           PRIMARY KEY (feed_id, number)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "polls" VALUES(1,1,1800000000,NULL,200,1000,20,2,0,NULL,1800003600,'test',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE pruned (
           feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
           identity INTEGER NOT NULL, seen INTEGER NOT NULL DEFAULT 0,
           PRIMARY KEY (feed_id, identity)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE rule_hits (
           rule TEXT PRIMARY KEY,
           hits INTEGER NOT NULL,
           last_hit INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
CREATE TABLE "sites" (
   "host" TEXT PRIMARY KEY,
   "memory" BLOB NOT NULL,
   "learned_at" INTEGER NOT NULL
) STRICT;
CREATE TABLE story_hashes (
           hash INTEGER NOT NULL,
           day INTEGER NOT NULL,
           entry_id INTEGER NOT NULL,
           PRIMARY KEY (hash, day, entry_id)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE story_joins (
               entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
               other_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE, similarity REAL NOT NULL,
               PRIMARY KEY (entry_id, other_id)
            ) STRICT, WITHOUT ROWID;
CREATE TABLE story_splits (
               entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
               other_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
               PRIMARY KEY (entry_id, other_id)
            ) STRICT, WITHOUT ROWID;
CREATE TABLE story_texts (
           entry_id INTEGER PRIMARY KEY,
           day INTEGER NOT NULL,
           first_seen INTEGER NOT NULL,
           hashes BLOB NOT NULL
        ) STRICT;
CREATE TABLE subscriptions (
           feed_id INTEGER PRIMARY KEY REFERENCES feeds(id) ON DELETE CASCADE,
           hub TEXT NOT NULL,
           topic TEXT NOT NULL,
           token TEXT NOT NULL UNIQUE,
           secret TEXT NOT NULL,
           state TEXT NOT NULL,
           next_ask INTEGER NOT NULL,
           tries INTEGER NOT NULL,
           lease_ends INTEGER,
           last_push INTEGER,
           pushes INTEGER NOT NULL,
           error TEXT
           ) STRICT;
CREATE TABLE versions (
           entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
           change INTEGER NOT NULL,
           at INTEGER NOT NULL,
           title TEXT NOT NULL,
           text BLOB NOT NULL,
           PRIMARY KEY (entry_id, change)
        ) STRICT, WITHOUT ROWID;
CREATE INDEX act_changes_act ON act_changes(act_id);
CREATE INDEX "article_blocks_host"
    ON "article_blocks" ("host", "entry_id");
CREATE INDEX "article_queue_newest"
    ON "article_queue" ("sort_at", "not_before");
CREATE INDEX "documents_entry"
    ON "documents" ("entry_id");
CREATE UNIQUE INDEX entries_key ON entries(feed_id, key);
CREATE INDEX entries_link ON entries(link_hash, feed_id) WHERE link_hash IS NOT NULL;
CREATE INDEX entries_updated ON entries(feed_id) WHERE changes > 0;
CREATE INDEX entry_tags_entry ON entry_tags(entry_id);
CREATE INDEX feeds_due ON feeds(next_poll) WHERE enabled = 1 AND removed_at IS NULL AND next_poll IS NOT NULL;
CREATE UNIQUE INDEX "feeds_name"
    ON "feeds" ("name");
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX marks_feed ON marks(feed_id, sort_at);
CREATE INDEX marks_feed_unread ON marks(feed_id, sort_at) WHERE read_at IS NULL AND hidden_at IS NULL;
CREATE INDEX marks_followers ON marks(sort_at) WHERE same_as IS NOT NULL;
CREATE INDEX marks_hidden ON marks(sort_at) WHERE hidden_at IS NOT NULL;
CREATE INDEX marks_read ON marks(sort_at) WHERE read_at IS NOT NULL AND same_as IS NULL AND hidden_at IS NULL;
CREATE INDEX marks_same ON marks(same_as) WHERE same_as IS NOT NULL;
CREATE INDEX marks_starred ON marks(sort_at) WHERE starred_at IS NOT NULL;
CREATE INDEX marks_unread ON marks(sort_at) WHERE read_at IS NULL AND same_as IS NULL AND hidden_at IS NULL;
CREATE INDEX story_joins_other ON story_joins(other_id);
CREATE INDEX story_splits_other ON story_splits(other_id);
CREATE TRIGGER event_article AFTER INSERT ON articles BEGIN
       INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail) SELECT new.fetched_at, 'article', feed_id, id, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0),
         CASE WHEN new.html IS NULL THEN new.error END
       FROM entries WHERE id = new.entry_id;
    END;
CREATE TRIGGER event_feed AFTER UPDATE OF failures, state, active_url ON feeds
       WHEN new.failures <> old.failures OR new.state <> old.state
         OR new.active_url <> old.active_url BEGIN
       INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail) SELECT coalesce(new.last_poll, CAST(strftime('%s', 'now') AS INTEGER)), 'moved', new.id, NULL, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0),
         old.active_url || char(10) || new.active_url
       WHERE new.active_url <> old.active_url AND new.url = old.url;
       INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail) SELECT coalesce(new.last_poll, CAST(strftime('%s', 'now') AS INTEGER)), 'broken', new.id, NULL, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0),
         new.last_error
       WHERE (new.failures >= 3 AND old.failures < 3)
          OR (new.state = 'gone' AND old.state <> 'gone');
       INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail) SELECT coalesce(new.last_poll, CAST(strftime('%s', 'now') AS INTEGER)), 'repaired', new.id, NULL, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0), NULL
       WHERE new.state = 'ok' AND new.failures = 0
         AND (old.failures >= 3 OR old.state = 'gone');
    END;
CREATE TRIGGER event_joined AFTER UPDATE OF same_as ON marks
       WHEN old.same_as IS NULL AND new.same_as IS NOT NULL BEGIN
       INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail) SELECT first_seen, 'joined', new.feed_id, new.entry_id, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0), new.same_as FROM entries WHERE id = max(new.entry_id, new.same_as);
    END;
CREATE TRIGGER event_no_article AFTER UPDATE OF error ON articles
       WHEN new.html IS NULL AND new.error IS NOT old.error BEGIN
       INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail) SELECT new.fetched_at, 'article', feed_id, id, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0),
         new.error
       FROM entries WHERE id = new.entry_id;
    END;
CREATE TRIGGER event_trim AFTER INSERT ON events WHEN new.id % 1000 = 0 BEGIN
       DELETE FROM events WHERE id <= new.id - 100000 OR at < new.at - 2592000;
    END;
CREATE TRIGGER event_updated AFTER INSERT ON versions
       WHEN new.change <= 24 BEGIN
       INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail) SELECT new.at, 'updated', feed_id, id, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0), new.change
       FROM entries WHERE id = new.entry_id;
    END;
CREATE TRIGGER marks_changed AFTER UPDATE OF read_at, hidden_at ON marks
           WHEN (old.read_at IS NULL) <> (new.read_at IS NULL)
             OR (old.hidden_at IS NULL) <> (new.hidden_at IS NULL) BEGIN
           UPDATE counts SET
             entries = entries + (new.hidden_at IS NULL) - (old.hidden_at IS NULL),
             unread = unread + (new.read_at IS NULL AND new.hidden_at IS NULL)
               - (old.read_at IS NULL AND old.hidden_at IS NULL)
           WHERE feed_id = new.feed_id;
        END;
CREATE TRIGGER marks_removed AFTER DELETE ON marks WHEN old.hidden_at IS NULL BEGIN
           UPDATE counts SET entries = entries - 1, unread = unread - (old.read_at IS NULL)
           WHERE feed_id = old.feed_id;
        END;
CREATE VIEW "items" AS SELECT e.id, f.name AS feed, e.title, e.link, e.author,
       datetime(e.published, 'unixepoch') AS published,
       datetime(e.updated, 'unixepoch') AS updated,
       datetime(e.first_seen, 'unixepoch') AS first_seen,
       m.read_at IS NOT NULL AS read,
       m.starred_at IS NOT NULL AS starred,
       m.sort_at, m.same_as, e.categories, e.enclosures
  FROM entries e JOIN feeds f ON f.id = e.feed_id JOIN marks m ON m.entry_id = e.id;
DELETE FROM sqlite_sequence;
INSERT INTO "sqlite_sequence" VALUES('entries',2);
CREATE VIRTUAL TABLE search USING fts5(text, title, author, category, link, kind, content='', tokenize='unicode61 remove_diacritics 2 categories ''L* N* Co M*''');
INSERT INTO search(search, rank) VALUES ('hashsize', 8000000);
INSERT INTO search(rowid, text, title, author, category, link, kind) VALUES (1, 'Body of 2', 'Title 2', '', '', 'https://site.example/2', '');
INSERT INTO search(rowid, text, title, author, category, link, kind) VALUES (2, 'Body of 1', 'Title 1', '', '', 'https://site.example/1', '');
COMMIT;
