-- Sessions that carry connections for the person's SSH client (ssh -L, -D, -R), and each of those connections.
alter table session drop constraint session_kind_is_known;
alter table session add constraint session_kind_is_known check (kind in ('shell', 'exec', 'sql', 'files', 'forward'));

create table session_forward (
  session_id text not null references session (id),
  n          integer not null,
  direction  text not null,
  -- local: where the target connects to; remote: where it listens
  host       text not null,
  port       integer not null,
  -- who connected, as the side that accepted the connection says
  source     text not null,
  opened_at  timestamptz not null,
  ended_at   timestamptz,
  -- bytes from the person's side, and to it
  sent       bigint,
  received   bigint,
  outcome    text,
  message    text,
  primary key (session_id, n),
  constraint session_forward_direction_is_known check (direction in ('local', 'remote')),
  constraint session_forward_outcome_is_known check (outcome in ('closed', 'failed', 'cut')),
  constraint session_forward_end_is_whole check ((ended_at is null) = (outcome is null)),
  constraint session_forward_is_bounded check (length(host) between 1 and 255 and length(source) <= 300 and length(message) <= 300)
);
comment on table session_forward is 'One connection that a session carried, for lists. What proves it is in the ledger.';

grant select on session_forward to claviger_server;
grant select, insert, update (ended_at, sent, received, outcome, message) on session_forward to claviger_gateway;
