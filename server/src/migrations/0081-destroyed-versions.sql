-- Which versions of an account's credentials are destroyed: one row for each account, attested, so that what somebody puts back does not open.
create table destruction (
  id         text primary key,
  account_id text not null references account (id),
  -- of each credential the versions, as pairs from and to: {"password": [[1, 4], [6, 6]]}
  gone       jsonb not null,
  changed_at timestamptz not null default clock_timestamp(),
  revision   int not null,
  mac        bytea not null,
  constraint destruction_one_for_an_account unique (account_id)
);

-- How many replaced versions of a credential are kept, and for how many days at least. One row, or none: then all are kept.
create table version_policy (
  id       text primary key,
  keep     int not null,
  days     int not null,
  state    text not null,
  revision int not null,
  mac      bytea not null,
  constraint version_policy_is_one check (id = 'vpl_0000000000'),
  constraint version_policy_state_is_known check (state in ('on', 'off')),
  constraint version_policy_is_bounded check (keep between 1 and 1000 and days between 1 and 3650)
);

grant select, insert, update on destruction, version_policy to claviger_server;
grant select on destruction, version_policy to claviger_keeper;
