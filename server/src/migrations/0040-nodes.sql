-- Several servers on one database. What is in here decides no access: a liar with the database can stop things by it, and open nothing.

-- One row for each part of each server that beats: who is there, and since when somebody is not.
create table node_part (
  node       text not null,
  part       text not null,
  name       text not null,
  version    text not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at    timestamptz not null default clock_timestamp(),
  primary key (node, part),
  constraint node_part_is_known check (part in ('api', 'gateway')),
  constraint node_part_is_bounded check (node ~ '^nod_[a-z0-9]{10}$' and length(name) between 1 and 100 and length(version) between 1 and 40)
);
grant select, insert, update on node_part to claviger_server, claviger_gateway;

-- Who carries a session, and on whose disk its recording lies: each gateway's connections say who they are. Empty: from before there were several.
alter table session add column node text;
alter table session alter column node set default nullif(current_setting('claviger.node', true), '');

-- The election: whoever sequences says so every second, by the database's clock. A lock instead would be kept for ever by a server that is
-- paused. The epoch is what counts at each commit; the lease only says when somebody else may take the next one.
alter table ledger_sequencer
  add column node text,
  add column beat_at timestamptz not null default '-infinity';
grant select on ledger_sequencer to claviger_keeper;

-- A new epoch may be shorter than what it puts an end to: then both have a checkpoint for the same size.
alter table ledger_checkpoint add column epoch int not null default 1;
update ledger_checkpoint set epoch = substring(note from E'\nepoch ([0-9]{1,9})\n')::int where note ~ E'\nepoch [0-9]{1,9}\n';
alter table ledger_checkpoint drop constraint ledger_checkpoint_pkey;
alter table ledger_checkpoint add primary key (epoch, size);

create function ledger_was_signed() returns trigger language plpgsql as $$ begin perform pg_notify('ledger_signed', ''); return null; end $$;
create trigger ledger_was_signed after insert on ledger_checkpoint for each statement execute function ledger_was_signed();
