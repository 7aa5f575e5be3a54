-- Accounts that one person at a time may use, the queue for them, and credentials that are shown.
alter table account add column check_out text;
alter table account add constraint account_check_out_is_known check (check_out in ('exclusive'));

alter table access_request drop constraint access_request_action_is_known;
alter table access_request add constraint access_request_action_is_known check (action in ('connect', 'reveal'));
alter table access_request drop constraint access_request_state_is_known;
alter table access_request add constraint access_request_state_is_known
  check (state in ('waiting', 'queued', 'approved', 'denied', 'withdrawn', 'expired', 'void'));
-- when everything that policy asks for was there, and only the account was not free: the order of the queue
alter table access_request add column queued_at timestamptz;
alter table access_request add constraint access_request_queued_since check (state <> 'queued' or queued_at is not null);
-- asks for more time under this grant instead of for a new one
alter table access_request add column extends_grant text references access_grant (id);
create index access_request_queue on access_request (account_id, queued_at) where state = 'queued';
create index access_request_extends on access_request (extends_grant);

-- true: nobody else has a grant on the account while this one runs; never false, what was attested before has no such column
alter table access_grant add column exclusive boolean;
alter table access_grant add constraint access_grant_exclusive_or_nothing check (exclusive);
create unique index access_grant_one_holder on access_grant (account_id) where exclusive and state = 'active';
create index access_grant_running on access_grant (account_id) where state = 'active';

-- Who holds an account alone: one row for each account that was ever held, attested, so that neither a second holder nor a forgotten one is written unseen.
create table holding (
  id          text primary key,
  account_id  text not null references account (id),
  -- the grant that holds it, or that held it last
  grant_id    text not null references access_grant (id) deferrable initially deferred,
  state       text not null,
  -- of each credential the newest version that the last holder can know: {"password": 3}
  seen        jsonb not null,
  changed_at  timestamptz not null default clock_timestamp(),
  revision    int not null,
  mac         bytea not null,
  constraint holding_one_for_an_account unique (account_id),
  -- held: by the grant; returned: what its holder knows still works on the target; free: it does not
  constraint holding_state_is_known check (state in ('held', 'returned', 'free'))
);
create index holding_grant on holding (grant_id);

-- One showing of one version of a credential to one person.
create table reveal (
  id          text primary key,
  grant_id    text not null references access_grant (id),
  person_id   text not null references person (id),
  account_id  text not null references account (id),
  credential  text not null,
  version     int not null,
  at          timestamptz not null,
  -- the ledger's entry that was signed before the credential left the keeper
  intent      text,
  -- preparing, shown, or failed: what became of it
  state       text not null default 'preparing',
  revision    int not null,
  mac         bytea not null,
  constraint reveal_credential_is_known check (credential in ('password', 'ssh-key')),
  constraint reveal_state_is_known check (state in ('preparing', 'shown', 'failed'))
);
create index reveal_account on reveal (account_id, at);
create index reveal_grant on reveal (grant_id);
create index reveal_person on reveal (person_id);
create index reveal_open on reveal (at) where state = 'preparing';

create function access_grant_is_alone() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('claviger/account/' || new.account_id, 0));
  if exists (select 1 from access_grant g
             where g.account_id = new.account_id and g.id <> new.id and g.state = 'active' and (g.exclusive or new.exclusive)) then
    raise exception 'somebody else has a grant on this account' using constraint = 'access_grant_is_alone', errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger access_grant_is_alone before insert on access_grant
  for each row when (new.state = 'active') execute function access_grant_is_alone();

create trigger holding_changed after insert or update on holding for each row execute function access_changed();
-- the account may be free now
create function rotation_settled() returns trigger language plpgsql as $$ begin perform pg_notify('access_changed', new.account_id); return null; end $$;
create trigger rotation_settled after update of state on rotation
  for each row when (new.state = 'done' and old.state <> 'done') execute function rotation_settled();

grant select, insert, update on holding, reveal to claviger_server;
grant select on holding, reveal to claviger_keeper;
