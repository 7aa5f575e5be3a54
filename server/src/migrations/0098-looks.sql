-- Acts that look at a target and change nothing there, while they run: the intent that stands in the ledger, and the outcome that it gets when
-- nobody comes back with another (a crash, a refusal). A liar with the database can leave an intent without an outcome by this, and open nothing.
create table open_look (
  intent  text primary key,
  node    text not null default coalesce(current_setting('claviger.node', true), ''),
  by_id   text,
  act     text not null,
  fields  jsonb not null,
  constraint open_look_is_bounded check (length(intent) between 1 and 40 and length(act) between 1 and 100 and pg_column_size(fields) < 8192)
);
grant select, insert, delete on open_look to claviger_server;
