-- The append-only log. Roles hold INSERT and SELECT; only the sequencer's columns may be updated, once.
create table ledger_entry (
  id      text primary key,
  place   bigint,
  bytes   bytea not null,
  -- who wrote it, and the keeper's proof that it was them: an entry inserted by anyone else is signed for what it is
  origin  text not null,
  tag     bytea not null,
  at      timestamptz not null default clock_timestamp(),
  constraint ledger_entry_place_is_unique unique (place),
  constraint ledger_entry_place_is_positive check (place >= 1),
  constraint ledger_entry_is_bounded check (octet_length(bytes) between 2 and 65536),
  -- what the keeper would not read would stand in the way of every later entry
  constraint ledger_entry_is_readable check (id ~ '^ent_[a-z0-9]{10}$' and length(origin) between 1 and 32 and octet_length(tag) between 1 and 48)
);
create index ledger_entry_waiting on ledger_entry (at) where place is null;
comment on table ledger_entry is 'Each entry once, as the bytes that are hashed. Never updated but for its place, never deleted.';

-- Values that stand in the entry as salted commitments. Erasing a row erases the person, and every proof still verifies.
create table ledger_personal (
  entry_id text not null references ledger_entry (id),
  field    text not null,
  value    text not null,
  salt     bytea not null,
  primary key (entry_id, field)
);

create table ledger_checkpoint (
  size  bigint primary key,
  note  text not null,
  at    timestamptz not null default clock_timestamp()
);

-- One sequencer: whoever holds the newest epoch may give places; a commit under an older one is refused by the trigger.
create table ledger_sequencer (
  one   boolean primary key default true check (one),
  epoch bigint not null default 0
);
insert into ledger_sequencer default values;

create function ledger_entry_is_written_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then raise exception 'ledger entries are never deleted' using constraint = 'ledger_entry_never_deleted'; end if;
  if old.place is not null or new.bytes <> old.bytes or new.id <> old.id or new.origin <> old.origin or new.tag <> old.tag or new.at <> old.at then
    raise exception 'ledger entries are never changed' using constraint = 'ledger_entry_never_changed';
  end if;
  return new;
end $$;
create trigger ledger_entry_is_written_once before update or delete on ledger_entry for each row execute function ledger_entry_is_written_once();

create function ledger_entry_arrived() returns trigger language plpgsql as $$
begin perform pg_notify('ledger_arrived', ''); return null; end $$;
create trigger ledger_entry_arrived after insert on ledger_entry for each statement execute function ledger_entry_arrived();

-- nobody inserts a place or a time: a place beyond the next one would stop the log for good
grant insert (id, bytes, origin, tag) on ledger_entry to claviger_server, claviger_keeper, claviger_gateway;
-- a gateway writes what happened at its door, and reads nothing of what happened elsewhere
grant select on ledger_entry to claviger_server, claviger_keeper;
grant insert on ledger_personal to claviger_server, claviger_gateway, claviger_keeper;
grant select on ledger_personal to claviger_server;
grant update (place) on ledger_entry to claviger_server;
grant select, insert on ledger_checkpoint to claviger_server;
grant select on ledger_checkpoint to claviger_keeper;
grant select, update on ledger_sequencer to claviger_server;
