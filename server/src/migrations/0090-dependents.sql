-- What else uses an account's credential, and how it hears of a new one: attested, so that nobody who writes here sends a credential elsewhere.
create table dependent (
  id            text primary key,
  account_id    text not null references account (id),
  credential    text not null,
  -- the target on which it lives
  host_id       text not null references target (id),
  -- what is done there: {"file": {"path": …, "line": …}, "run": {"command": …}, "unit": …, "check": …}
  settings      jsonb not null,
  -- proposed: of an account of tier 0, until another person confirmed it
  state         text not null,
  introduced_by text not null references person (id),
  created_at    timestamptz not null default clock_timestamp(),
  revision      int not null,
  mac           bytea not null,
  constraint dependent_credential_is_known check (credential in ('password', 'ssh-key')),
  constraint dependent_state_is_known check (state in ('proposed', 'active', 'removed'))
);
create index dependent_account on dependent (account_id);
create index dependent_host on dependent (host_id);
create index dependent_introduced_by on dependent (introduced_by);

-- What each has to hear, until it did: put here by the transaction that ends a rotation, so that neither is lost without the other.
create table dependent_news (
  dependent_id text primary key references dependent (id),
  version      int not null,
  state        text not null default 'waiting',
  told_version int,
  told_at      timestamptz,
  -- whether the file was another one before
  changed      boolean,
  failures     int not null default 0,
  ordered_at   timestamptz not null,
  due_at       timestamptz not null,
  tried_at     timestamptz,
  error        text,
  -- of the newest attempt, while it is open: whoever goes on after a crash closes it
  intent       text,
  constraint dependent_news_state_is_known check (state in ('waiting', 'done'))
);
create index dependent_news_due on dependent_news (due_at) where state = 'waiting';

grant select, insert, update on dependent, dependent_news to claviger_server;
grant select on dependent to claviger_keeper;
