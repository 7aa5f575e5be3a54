-- An act in a session that is held until somebody else has said yes or no to exactly it. What is asked never changes; the keeper attests each step, and
-- lets an act pass once, on its own word alone.
create table session_ask (
  id         text primary key,
  session_id text not null references session (id),
  person_id  text not null references person (id),
  account_id text not null references account (id),
  -- as those see it who decide: secrets are masked
  act        jsonb not null,
  digest     text not null,
  asked_at   timestamptz not null,
  expires_at timestamptz not null,
  state      text not null,
  decided_by text references person (id),
  decided_at timestamptz,
  comment    text,
  -- why nobody's word was waited for any longer
  why        text,
  revision   int not null,
  mac        bytea not null,
  constraint session_ask_state_is_known check (state in ('waiting', 'allowed', 'refused', 'passed', 'over')),
  constraint session_ask_is_decided_by_another check (decided_by <> person_id),
  constraint session_ask_passes_by_a_yes check (state not in ('allowed', 'refused', 'passed') or decided_by is not null),
  constraint session_ask_is_bounded check (length(act::text) <= 200000 and length(comment) <= 500)
);
create index session_ask_session on session_ask (session_id);
create index session_ask_person on session_ask (person_id);
create index session_ask_account on session_ask (account_id);
create index session_ask_decided_by on session_ask (decided_by);
create index session_ask_open on session_ask (asked_at) where state in ('waiting', 'allowed');
create index session_ask_newest on session_ask (asked_at desc, id desc);

-- the gateway that holds it looks
create trigger session_ask_changed after update of state on session_ask for each row execute function session_attend();

grant select, update (state, decided_by, decided_at, comment, revision, mac) on session_ask to claviger_server;
grant select, insert, update (state, why, revision, mac) on session_ask to claviger_gateway;
grant select on session_ask to claviger_keeper;
