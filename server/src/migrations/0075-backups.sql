-- Backups that were made, and those that failed: what a person sees of them. Nothing is decided by these rows; the ledger says the same.
create table backup (
  id         text primary key,
  -- whose escrow is in it, and on whose disk it lies
  node       text not null,
  state      text not null default 'running',
  begun_at   timestamptz not null,
  -- null: by the schedule
  begun_by   text references person (id),
  intent     text not null,
  recipients text[] not null,
  recordings boolean not null,
  ended_at   timestamptz,
  -- name in the folder of backups
  file       text,
  bytes      bigint,
  sha256     text,
  -- the moment of the database that is in it, and how far the ledger was
  taken_at   timestamptz,
  entries    bigint,
  -- when it was restored into a throw-away database and found good; and why that was not done
  checked_at timestamptz,
  unchecked  text,
  error      text,
  constraint backup_state_is_known check (state in ('running', 'done', 'failed')),
  constraint backup_end_is_whole check ((state = 'running') = (ended_at is null)),
  constraint backup_done_is_whole check (state <> 'done' or (file is not null and bytes is not null and sha256 is not null and taken_at is not null))
);
create unique index backup_one_at_a_time on backup (node) where state = 'running';
create index backup_begun on backup (begun_at desc);
create index backup_begun_by on backup (begun_by);

grant select, insert, update on backup to claviger_server;
