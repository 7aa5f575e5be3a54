-- Credentials that people bring from elsewhere: who began it, and what became of each. The credentials themselves are in the vault alone.
create table import (
  id         text primary key,
  -- where it came from, in the words of who brought it
  source     text not null,
  begun_by   text not null references person (id),
  begun_at   timestamptz not null,
  -- nothing is taken under it after that
  open_until timestamptz not null
);
create index import_begun_by on import (begun_by);
create table import_entry (
  import_id  text not null references import (id),
  account_id text not null references account (id),
  credential text not null,
  -- stored: it opens the target and lies in the vault; refused: the target said no; failed: nothing was learnt; known: the vault had one already
  outcome    text not null,
  code       text,
  at         timestamptz not null,
  -- when its first rotation was ordered: the import itself orders none
  ordered_at timestamptz,
  primary key (import_id, account_id, credential),
  constraint import_entry_credential_is_known check (credential in ('password', 'ssh-key')),
  constraint import_entry_outcome_is_known check (outcome in ('stored', 'refused', 'failed', 'known'))
);
create index import_entry_account on import_entry (account_id);

grant select, insert on import to claviger_server;
grant select, insert, update on import_entry to claviger_server;
