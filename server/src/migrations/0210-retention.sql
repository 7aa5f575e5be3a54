-- How long recordings are kept (docs/retention.md). All four decide what may be destroyed, and are attested: who writes here destroys nothing.

-- A class: which sessions fall into it, from when its period counts, and what was said of it when. Terms are added, never changed.
create table retention_class (
  id         text primary key,
  name       text not null,
  anchor     text not null,
  -- [{"from": time, "months": 84, "applies": {"targets": null, "tiers": null, "environments": ["production"], "kinds": null} or null}]
  terms      jsonb not null,
  changed_at timestamptz not null default clock_timestamp(),
  revision   int not null,
  mac        bytea not null,
  constraint retention_class_name_is_taken unique (name),
  constraint retention_class_anchor_is_known check (anchor in ('session_ended', 'grant_closed', 'account_removed', 'relationship_ended'))
);

-- That an account was removed, or that the relationship for which a target stands has ended: one row for each, its id made of theirs.
create table retention_anchor (
  id         text primary key,
  anchor     text not null,
  subject_id text not null,
  closed_at  timestamptz not null,
  closed_by  text not null references person (id),
  reason     text not null,
  state      text not null,
  revision   int not null,
  mac        bytea not null,
  constraint retention_anchor_one_for_each unique (anchor, subject_id),
  constraint retention_anchor_is_known check (anchor in ('account_removed', 'relationship_ended')),
  constraint retention_anchor_state_is_known check (state in ('closed', 'open')),
  constraint retention_anchor_reason_is_bounded check (length(reason) between 1 and 500)
);
create index retention_anchor_by on retention_anchor (closed_by);

-- Legal hold: while one is placed nothing that it covers is destroyed.
create table legal_hold (
  id           text primary key,
  subject_kind text not null,
  subject_id   text not null,
  case_number  text not null,
  reason       text not null,
  placed_by    text not null references person (id),
  placed_at    timestamptz not null,
  state        text not null,
  lifted_by    text references person (id),
  lifted_at    timestamptz,
  lift_reason  text,
  revision     int not null,
  mac          bytea not null,
  constraint legal_hold_subject_is_known check (subject_kind in ('session', 'person', 'account', 'target')),
  constraint legal_hold_state_is_known check (state in ('placed', 'lifted')),
  constraint legal_hold_is_lifted_by_another check (lifted_by <> placed_by),
  constraint legal_hold_is_bounded check (length(case_number) between 1 and 100 and length(reason) between 1 and 500 and length(lift_reason) between 1 and 500)
);
create index legal_hold_placed_by on legal_hold (placed_by);
create index legal_hold_lifted_by on legal_hold (lifted_by);

-- That a recording is destroyed: one row for each, its id made of the recording's, so that a key which somebody puts back does not open.
create table recording_destruction (
  id           text primary key,
  recording_id text not null references recording (id),
  session_id   text not null references session (id),
  -- the class that kept it, and until when
  class        text not null,
  kept_until   timestamptz not null,
  at           timestamptz not null,
  state        text not null,
  revision     int not null,
  mac          bytea not null,
  -- how far it is: nothing opens or is destroyed on these
  intent       text,
  bytes        bigint not null default 0,
  keys_at      timestamptz,
  removed_at   timestamptz,
  constraint recording_destruction_one_for_each unique (recording_id),
  constraint recording_destruction_state_is_known check (state in ('ordered', 'withdrawn'))
);
create index recording_destruction_session on recording_destruction (session_id);
create index recording_destruction_open on recording_destruction (at) where removed_at is null and state = 'ordered';
create function recording_destroyed() returns trigger language plpgsql as $$ begin perform pg_notify('recording_destroyed', new.recording_id); return null; end $$;
create trigger recording_destroyed after update of keys_at on recording_destruction for each row execute function recording_destroyed();

-- What a session was opened on, as its class is found by: a target that is classified anew shortens nothing.
alter table session add column kept_as jsonb;

grant select, insert, update on retention_class, retention_anchor, legal_hold, recording_destruction to claviger_server;
grant select on recording_destruction to claviger_gateway;
grant update (removed_at) on recording_destruction to claviger_gateway;
grant select on retention_class, retention_anchor, legal_hold, recording_destruction to claviger_keeper;
