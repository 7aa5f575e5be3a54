-- Credentials that were brought in together, for the list of imports: from where, by whom, how many. What became of each is in its deposit.
create table deposit_batch (
  id       text primary key,
  -- where it came from, in the words of who brought it
  source   text not null,
  begun_by text not null references person (id),
  begun_at timestamptz not null,
  entries  int not null,
  -- of these: the vault had one already
  known    int not null default 0,
  constraint deposit_batch_is_bounded check (length(source) <= 200 and entries between 1 and 50 and known between 0 and entries)
);
create index deposit_batch_begun_by on deposit_batch (begun_by);
alter table deposit add column batch_id text references deposit_batch (id);
create index deposit_batch_id on deposit (batch_id);
grant select, insert, update on deposit_batch to claviger_server;
