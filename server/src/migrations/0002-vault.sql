-- The vault: the keeper's alone. No other role may read or write anything here.
create schema vault;
grant usage on schema vault to claviger_keeper;

create table vault.location_key (
  name    text not null,
  version int not null,
  -- sealed under the root key
  wrapped bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (name, version)
);

-- A secret is named by what it belongs to: ('account', acc_…, 'password'), ('factor', fac_…, 'totp'), ('recording', rec_…, 'data-key').
create table vault.secret_version (
  owner_kind text not null,
  owner_id   text not null,
  what       text not null,
  version    int not null,
  location   text not null,
  -- a data key of its own, sealed under the location key; destroying it destroys the version
  wrapped_key bytea,
  ciphertext  bytea,
  -- what is no secret about it, such as a public key
  public     text,
  state      text not null,
  rotation_id text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (owner_kind, owner_id, what, version),
  constraint secret_version_state_is_known check (state in ('candidate', 'current', 'previous', 'destroyed')),
  constraint secret_version_is_whole check ((state = 'destroyed') = (wrapped_key is null))
);
create unique index secret_version_one_current on vault.secret_version (owner_kind, owner_id, what) where state = 'current';
create unique index secret_version_one_candidate on vault.secret_version (owner_kind, owner_id, what) where state = 'candidate';

create table vault.factor_use (
  factor_id text primary key,
  -- the RFC 6238 time step of the last accepted code: only later ones are accepted
  last_step bigint not null,
  failures  int not null default 0,
  locked_until timestamptz
);

create table vault.enrolment (
  token_hash bytea primary key,
  person_id  text not null,
  factor_id  text,
  expires_at timestamptz not null,
  used_at    timestamptz,
  mac        bytea not null
);

create table vault.certificate (
  serial     bigint primary key,
  person_id  text not null,
  public_key bytea not null,
  -- when the code was given that it stands for
  shown_at   timestamptz not null,
  valid_until timestamptz not null,
  mac        bytea not null
);

grant select, insert, update on all tables in schema vault to claviger_keeper;
