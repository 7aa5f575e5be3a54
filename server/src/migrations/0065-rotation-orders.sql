-- What has to be replaced, until it is: one open order for each account. Any server works it off; a failure moves it, a crash does not.
create table rotation_order (
  id            text primary key,
  account_id    text not null references account (id),
  trigger       text not null,
  reason        text not null,
  ordered_by    text references person (id),
  ordered_at    timestamptz not null,
  -- counts what was ordered while it was open: an attempt that began before that does not finish it
  generation    int not null default 1,
  state         text not null default 'waiting',
  failures      int not null default 0,
  due_at        timestamptz not null,
  -- the next attempt logs in as the target's reconciler
  reconcile     boolean not null default false,
  tried_at      timestamptz,
  error         text,
  finished_at   timestamptz,
  constraint rotation_order_trigger_is_known
    check (trigger in ('take-over', 'check-in', 'on-demand', 'recovery', 'schedule', 'compromise', 'drift', 'reconcile')),
  constraint rotation_order_state_is_known check (state in ('waiting', 'held', 'done')),
  constraint rotation_order_end_is_whole check ((state = 'done') = (finished_at is not null))
);
create unique index rotation_order_one_open on rotation_order (account_id) where state in ('waiting', 'held');
create index rotation_order_due on rotation_order (due_at) where state = 'waiting';
create index rotation_order_account on rotation_order (account_id, ordered_at desc);
create index rotation_order_ordered_by on rotation_order (ordered_by);

-- What the target said of each credential. A version that it refused is not tried again until something changed.
create table credential_health (
  account_id    text not null references account (id),
  credential    text not null,
  works_version int,
  worked_at     timestamptz,
  refused       int[] not null default '{}',
  refused_at    timestamptz,
  -- the candidate that the target may have: it was sent, and has not become current
  sent_version  int,
  primary key (account_id, credential),
  constraint credential_health_credential_is_known check (credential in ('password', 'ssh-key'))
);

alter table rotation drop constraint rotation_trigger_is_known;
alter table rotation add constraint rotation_trigger_is_known
  check (trigger in ('take-over', 'check-in', 'on-demand', 'recovery', 'schedule', 'compromise', 'drift', 'reconcile'));

-- a second privileged account of the target that resets one whose credential is unknown; attested with the target
alter table target add column reconciler text;

grant select, insert, update on rotation_order, credential_health to claviger_server;
