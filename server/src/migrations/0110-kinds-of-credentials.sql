-- Credentials that people bring in, for accounts that Claviger does not reach itself.
create table deposit (
  id          text primary key,
  account_id  text not null references account (id),
  person_id   text not null references person (id),
  credential  text not null,
  version     int not null,
  at          timestamptz not null,
  -- the ledger's entry that was signed before the keeper took it
  intent      text,
  -- preparing, kept, or failed: what became of it
  state       text not null default 'preparing',
  revision    int not null,
  mac         bytea not null,
  constraint deposit_state_is_known check (state in ('preparing', 'kept', 'failed'))
);
create index deposit_account on deposit (account_id, at);
create index deposit_person on deposit (person_id);
create index deposit_open on deposit (at) where state = 'preparing';
grant select, insert, update on deposit to claviger_server;
grant select on deposit to claviger_keeper;

-- kinds of credentials are files of the server's code, not a list here
alter table reveal drop constraint reveal_credential_is_known;

-- until when a credential is good by itself, such as a certificate; null: for ever
alter table vault.secret_version add column expires_at timestamptz;
create index secret_version_expiry on vault.secret_version (expires_at)
  where owner_kind = 'account' and state = 'current' and expires_at is not null;
