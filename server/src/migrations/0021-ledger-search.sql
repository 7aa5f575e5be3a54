-- What the entries say, for finding them quickly. Made from the entries by the api process, and made again from them when it is
-- gone: nothing is decided on it. Personal values are not in it.
create table ledger_index (
  place bigint primary key,
  at    timestamptz not null,
  act   text not null,
  phase text not null,
  by_id text,
  -- the ids and the words of the shown fields, in lower case
  words text[] not null,
  constraint ledger_index_place_is_positive check (place >= 1)
);
create index ledger_index_at on ledger_index (at);
create index ledger_index_act on ledger_index (act text_pattern_ops, place);
create index ledger_index_by on ledger_index (by_id, place);
create index ledger_index_phase on ledger_index (phase, place);
create index ledger_index_words on ledger_index using gin (words);

-- Roots of the perfect subtrees of 256, 256², … entries (levels 0, 1, …); at level 0 the 256 leaf hashes as well. A proof needs a few of them.
create table ledger_tile (
  level  int not null,
  number bigint not null,
  root   bytea not null,
  leaves bytea,
  primary key (level, number),
  constraint ledger_tile_is_whole check (octet_length(root) = 32 and (level = 0) = (leaves is not null) and coalesce(octet_length(leaves), 8192) = 8192)
);

grant select, insert on ledger_index, ledger_tile to claviger_server;
