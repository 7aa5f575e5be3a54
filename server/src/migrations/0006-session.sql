create table session (
  id           text primary key,
  grant_id     text not null references access_grant (id),
  person_id    text not null references person (id),
  account_id   text not null references account (id),
  door         text not null,
  kind         text not null,
  command      text,
  source       text not null,
  recording_id text not null,
  -- SHA-256 of the recording's header: the intent entry commits it, so that no other recording can be put in its place
  header_hash  text not null,
  opened_at    timestamptz not null,
  -- the ledger's entry under which it was opened: recovery closes it
  intent       text,
  state        text not null default 'opening',
  ended_at     timestamptz,
  end_reason   text,
  exit_status  int,
  revision     int not null,
  mac          bytea not null,
  constraint session_door_is_known check (door in ('ssh')),
  constraint session_kind_is_known check (kind in ('shell', 'exec')),
  constraint session_state_is_known check (state in ('opening', 'running', 'ended', 'interrupted', 'refused'))
);
create index session_grant on session (grant_id);
create index session_person on session (person_id);
create index session_account on session (account_id);
create index session_open on session (opened_at) where state in ('opening', 'running');

create table recording (
  id         text primary key,
  session_id text not null references session (id),
  file       text not null,
  state      text not null default 'running',
  chunks     int not null default 0,
  bytes      bigint not null default 0,
  head       text not null,
  seconds    double precision not null default 0,
  manifest   text,
  signature  bytea,
  updated_at timestamptz not null default clock_timestamp(),
  constraint recording_state_is_known check (state in ('running', 'sealed', 'interrupted'))
);
create index recording_session on recording (session_id);

create table session_end_order (
  session_id text primary key references session (id),
  reason     text not null,
  by_person  text references person (id),
  at         timestamptz not null default clock_timestamp()
);
create index session_end_order_by on session_end_order (by_person);
create function session_end_ordered() returns trigger language plpgsql as $$ begin perform pg_notify('session_end_ordered', new.session_id); return null; end $$;
create trigger session_end_ordered after insert on session_end_order for each row execute function session_end_ordered();

grant select, insert, update on session, recording to claviger_gateway, claviger_server;
grant select on session, recording to claviger_keeper;
grant select, insert on session_end_order to claviger_server;
grant select on session_end_order to claviger_gateway;
