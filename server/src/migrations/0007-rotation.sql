create table rotation (
  id            text primary key,
  account_id    text not null references account (id),
  credential    text not null,
  trigger       text not null,
  state         text not null,
  attempt       int not null default 0,
  -- the ledger's entry under which the newest attempt began: whoever goes on after a crash closes it
  intent        text,
  version       int not null,
  reason        text not null,
  started_at    timestamptz not null,
  verified_at   timestamptz,
  old_refused_at timestamptz,
  finished_at   timestamptz,
  removed       text[] not null default '{}',
  error         text,
  constraint rotation_credential_is_known check (credential in ('password', 'ssh-key')),
  constraint rotation_trigger_is_known check (trigger in ('take-over', 'check-in', 'on-demand', 'recovery')),
  constraint rotation_state_is_known check (state in ('prepared', 'changed', 'verified', 'done', 'failed'))
);
create index rotation_account on rotation (account_id);
-- one rotation of a credential at a time: two candidates could leave two unknown states
create unique index rotation_one_open on rotation (account_id, credential) where state in ('prepared', 'changed', 'verified');
grant select, insert, update on rotation to claviger_server;
grant select on rotation to claviger_keeper, claviger_gateway;
