-- Sessions as they happen. Nothing opens on these rows: what passes here is sealed as it is in the recording, and the keeper gives its key
-- for a signed entry in a viewer's name alone.

-- Who watches a running session now. The api process that shows it says every second that it still does.
create table session_watch (
  id         text primary key,
  session_id text not null references session (id),
  by_person  text not null references person (id),
  kind       text not null,
  state      text not null default 'open',
  seen_at    timestamptz not null default clock_timestamp(),
  constraint session_watch_kind_is_known check (kind in ('announced', 'covert')),
  constraint session_watch_state_is_known check (state in ('open', 'too_slow', 'over'))
);
create index session_watch_session on session_watch (session_id) where state = 'open';
create index session_watch_of on session_watch (session_id);
create index session_watch_by on session_watch (by_person);

-- Sealed chunks on their way from the gateway to one watcher, taken away as they are shown. Nothing of it is worth keeping.
create unlogged table session_live (
  watch_id text not null references session_watch (id),
  n        bigint not null,
  block    bytea not null,
  primary key (watch_id, n),
  constraint session_live_is_bounded check (octet_length(block) <= 1048576)
);

-- What an officer orders of a running session; its gateway carries it out, once, in their order.
create table session_order (
  id         text primary key,
  session_id text not null references session (id),
  what       text not null,
  -- a message for the person, or why
  words      text not null,
  by_person  text not null references person (id),
  at         timestamptz not null default clock_timestamp(),
  outcome    text,
  constraint session_order_is_known check (what in ('message', 'suspend', 'resume')),
  constraint session_order_is_bounded check (length(words) between 1 and 500),
  constraint session_order_outcome_is_known check (outcome in ('done', 'not_shown'))
);
create index session_order_session on session_order (session_id, at);
create index session_order_by on session_order (by_person);

create function session_attend() returns trigger language plpgsql as $$ begin perform pg_notify('session_attend', new.session_id); return null; end $$;
create trigger session_watch_changed after insert or update of state on session_watch for each row execute function session_attend();
create trigger session_ordered after insert on session_order for each row execute function session_attend();

grant select, insert, update on session_watch to claviger_server;
grant select, update (state) on session_watch to claviger_gateway;
grant select, delete on session_live to claviger_server;
grant select, insert, delete on session_live to claviger_gateway;
grant select, insert on session_order to claviger_server;
grant select, update (outcome) on session_order to claviger_gateway;
