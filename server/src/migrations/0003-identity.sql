create table person (
  id           text primary key,
  name         text not null,
  display_name text not null,
  groups       text[] not null default '{}',
  state        text not null default 'invited',
  created_at   timestamptz not null default clock_timestamp(),
  revision     int not null,
  mac          bytea not null,
  constraint person_name_is_unique unique (name),
  constraint person_state_is_known check (state in ('invited', 'active', 'disabled'))
);

create table factor (
  id         text primary key,
  person_id  text not null references person (id),
  kind       text not null,
  -- argon2id in PHC form for a password; empty for totp, whose seed only the keeper has
  verifier   text not null default '',
  state      text not null default 'active',
  created_at timestamptz not null default clock_timestamp(),
  revision   int not null,
  mac        bytea not null,
  constraint factor_kind_is_known check (kind in ('password', 'totp')),
  constraint factor_state_is_known check (state in ('active', 'replaced'))
);
create index factor_person on factor (person_id);
create unique index factor_one_active_of_a_kind on factor (person_id, kind) where state = 'active';

create table ssh_key (
  id          text primary key,
  person_id   text not null references person (id),
  label       text not null,
  algorithm   text not null,
  public_key  text not null,
  fingerprint text not null,
  state       text not null default 'active',
  created_at  timestamptz not null default clock_timestamp(),
  revision    int not null,
  mac         bytea not null,
  constraint ssh_key_state_is_known check (state in ('active', 'removed'))
);
create index ssh_key_person on ssh_key (person_id);
-- one key, one person: a shared key would be nobody's
create unique index ssh_key_belongs_to_one_person on ssh_key (fingerprint) where state = 'active';

-- A sign-in of a person at console, CLI or API. The token is kept as an HMAC under a key that the database does not have.
create table sign_in (
  id           text primary key,
  person_id    text not null references person (id),
  token_hash   bytea not null,
  kind         text not null,
  presence     text not null,
  source       text not null,
  created_at   timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at   timestamptz not null,
  ended_at     timestamptz,
  constraint sign_in_token_is_unique unique (token_hash),
  constraint sign_in_kind_is_known check (kind in ('browser', 'cli')),
  constraint sign_in_is_at_most_eight_hours check (expires_at <= created_at + interval '8 hours')
);
create index sign_in_person on sign_in (person_id);

-- First factor passed, second awaited; five minutes, used once.
create table sign_in_challenge (
  token_hash bytea primary key,
  person_id  text not null references person (id),
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index sign_in_challenge_person on sign_in_challenge (person_id);

create table sign_in_failures (
  name         text primary key,
  failures     int not null,
  locked_until timestamptz,
  last_at      timestamptz not null
);

grant select, insert, update on person, factor, ssh_key, sign_in, sign_in_challenge, sign_in_failures to claviger_server;
grant select on person, factor, ssh_key to claviger_keeper;
grant select on person, ssh_key to claviger_gateway;
