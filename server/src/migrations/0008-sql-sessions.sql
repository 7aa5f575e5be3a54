-- Sessions by the PostgreSQL door.
alter table session drop constraint session_door_is_known, drop constraint session_kind_is_known;
alter table session
  add constraint session_door_is_known check (door in ('ssh', 'postgres')),
  add constraint session_kind_is_known check (kind in ('shell', 'exec', 'sql')),
  -- which database an SQL session is in, to be shown; nothing is decided on it
  add column database_name text;

-- A connection ticket: what a client that cannot be asked for a code shows. Only its hash is here, and nothing opens on a row without the keeper's MAC.
create table vault.connection_ticket (
  ticket_hash bytea primary key,
  person_id   text not null,
  grant_id    text not null,
  -- address of the client that asked for it
  source      text not null,
  -- when the code was given that it stands for, and until when that counts
  shown_at    timestamptz not null,
  shown_until timestamptz not null,
  expires_at  timestamptz not null,
  mac         bytea not null
);
create index connection_ticket_expires on vault.connection_ticket (expires_at);
grant select, insert, delete on vault.connection_ticket to claviger_keeper;
