-- What passwords have to be: attested, so that nobody who writes to the database makes them weaker.
create table password_policy (
  id           text primary key,
  name         text not null,
  -- for which accounts; null: for all
  tier         int,
  kind         text,
  target_id    text references target (id),
  -- characters; of a policy the least, of an exception exactly so many
  length       int not null,
  -- sorts of character that each password has
  classes      text[] not null,
  excluded     text not null,
  -- why this target may have less than everyone else
  exception    text,
  -- replaced after so many days at most
  max_age_days int,
  state        text not null,
  created_at   timestamptz not null default clock_timestamp(),
  revision     int not null,
  mac          bytea not null,
  constraint password_policy_state_is_known check (state in ('active', 'retired')),
  constraint password_policy_exception_is_for_a_target check (exception is null or (target_id is not null and max_age_days between 1 and 30)),
  constraint password_policy_length_is_bounded check (length between 8 and 128),
  constraint password_policy_age_is_bounded check (max_age_days is null or max_age_days between 1 and 365)
);
create unique index password_policy_name on password_policy (name) where state = 'active';
create index password_policy_target on password_policy (target_id);

grant select, insert, update on password_policy to claviger_server;
grant select on password_policy to claviger_keeper;

-- Keyed hashes by which a credential that is used twice is found without opening any, and how much somebody would have to try. Null: not looked at yet.
alter table vault.secret_version add column fingerprint bytea;
alter table vault.secret_version add column likeness bytea;
alter table vault.secret_version add column bits real;
create index secret_version_by_fingerprint on vault.secret_version (fingerprint) where fingerprint is not null;
