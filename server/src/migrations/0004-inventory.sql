create table target (
  id          text primary key,
  name        text not null,
  kind        text not null,
  environment text not null,
  tier        int not null default 1,
  settings    jsonb not null,
  -- what it must prove before it hears a credential
  identity    jsonb not null,
  -- the account with which we discover and rotate
  manager     text not null,
  created_at  timestamptz not null default clock_timestamp(),
  last_discovery timestamptz,
  revision    int not null,
  mac         bytea not null,
  constraint target_name_is_unique unique (name),
  constraint target_name_holds_no_at check (name !~ '[@[:space:]]'),
  constraint target_tier_is_known check (tier between 0 and 3),
  constraint target_environment_is_known check (environment in ('production', 'staging', 'development', 'lab'))
);

create table account (
  id          text primary key,
  target_id   text not null references target (id),
  name        text not null,
  category    text not null,
  tier        int not null,
  privileges  text[] not null,
  credentials text[] not null,
  authorised_keys jsonb not null default '[]',
  state       text not null default 'found',
  found_at    timestamptz not null default clock_timestamp(),
  gone_at     timestamptz,
  revision    int not null,
  mac         bytea not null,
  constraint account_is_unique_on_its_target unique (target_id, name),
  constraint account_name_holds_no_at check (name !~ '[@[:space:]]'),
  constraint account_tier_is_known check (tier between 0 and 3),
  constraint account_state_is_known check (state in ('found', 'managed', 'held'))
);

create table policy (
  id         text primary key,
  name       text not null,
  text       text not null,
  state      text not null default 'active',
  created_at timestamptz not null default clock_timestamp(),
  revision   int not null,
  mac        bytea not null,
  constraint policy_name_is_unique unique (name),
  constraint policy_state_is_known check (state in ('active', 'retired'))
);

grant select, insert, update on target, account, policy to claviger_server;
grant select on target, account, policy to claviger_gateway, claviger_keeper;
