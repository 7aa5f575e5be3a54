create table access_request (
  id           text primary key,
  requester_id text not null references person (id),
  account_id   text not null references account (id),
  action       text not null,
  reason       text not null,
  itsm_ticket  text,
  seconds      int not null,
  -- what policy demanded when it was filed: {approvals, maxSeconds, itsmTicket, mfa, reveal, recorded, because}
  obligations  jsonb not null,
  -- SHA-256 over exactly what is asked, target address and identity included
  digest       text not null,
  state        text not null default 'waiting',
  void_reason  text,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  revision     int not null,
  mac          bytea not null,
  constraint access_request_action_is_known check (action in ('connect')),
  constraint access_request_reason_is_given check (length(trim(reason)) > 0),
  constraint access_request_is_at_most_eight_hours check (seconds between 1 and 28800),
  constraint access_request_state_is_known check (state in ('waiting', 'approved', 'denied', 'withdrawn', 'expired', 'void')),
  -- lets an approval refer to both, so that the database itself can compare them
  constraint access_request_with_requester unique (id, requester_id)
);
create index access_request_requester on access_request (requester_id);
create index access_request_account on access_request (account_id);
create index access_request_waiting on access_request (expires_at) where state = 'waiting';
comment on table access_request is 'One person asking for one account, once. Rows are never deleted: the audit report reads them.';

create table approval (
  id           text primary key,
  request_id   text not null,
  requester_id text not null,
  approver_id  text not null references person (id),
  verdict      text not null,
  -- of the request as the approver saw it
  digest       text not null,
  factor_kind  text,
  comment      text,
  at           timestamptz not null,
  revision     int not null,
  mac          bytea not null,
  constraint approval_of_a_request foreign key (request_id, requester_id) references access_request (id, requester_id),
  constraint approval_not_by_requester check (approver_id <> requester_id),
  constraint approval_once_by_each unique (request_id, approver_id),
  constraint approval_verdict_is_known check (verdict in ('approved', 'denied')),
  constraint approval_yes_needs_a_factor check (verdict = 'denied' or factor_kind is not null)
);
create index approval_request on approval (request_id, requester_id);
create index approval_approver on approval (approver_id);

create table access_grant (
  id         text primary key,
  request_id text not null references access_request (id),
  person_id  text not null references person (id),
  account_id text not null references account (id),
  action     text not null,
  starts_at  timestamptz not null,
  ends_at    timestamptz not null,
  state      text not null default 'active',
  ended_at   timestamptz,
  end_reason text,
  -- the first grant of a chain of renewals; itself when it is none
  chain_id   text not null,
  epoch      int not null,
  revision   int not null,
  mac        bytea not null,
  constraint access_grant_one_for_a_request unique (request_id),
  constraint access_grant_state_is_known check (state in ('active', 'ended', 'void')),
  constraint access_grant_always_ends check (ends_at > starts_at),
  constraint access_grant_end_is_whole check ((state = 'active') = (ended_at is null))
);
create index access_grant_person on access_grant (person_id);
create index access_grant_account on access_grant (account_id);
create index access_grant_chain on access_grant (chain_id);
create index access_grant_due on access_grant (ends_at) where state = 'active';

create function access_grant_chain_is_at_most_eight_hours() returns trigger language plpgsql as $$
declare total interval;
begin
  -- what was given back early was not used
  select coalesce(sum(coalesce(g.ended_at, g.ends_at) - g.starts_at), interval '0') into total from access_grant g where g.chain_id = new.chain_id and g.id <> new.id;
  if total + (new.ends_at - new.starts_at) > interval '8 hours' then
    raise exception 'a grant with all its renewals is at most 8 hours' using constraint = 'access_grant_chain_is_at_most_eight_hours', errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger access_grant_chain_is_at_most_eight_hours before insert or update of starts_at, ends_at, chain_id on access_grant
  for each row execute function access_grant_chain_is_at_most_eight_hours();

create function access_changed() returns trigger language plpgsql as $$ begin perform pg_notify('access_changed', new.id); return null; end $$;
create trigger access_request_changed after insert or update on access_request for each row execute function access_changed();
create trigger access_grant_changed after insert or update on access_grant for each row execute function access_changed();

grant select, insert, update on access_request, approval, access_grant to claviger_server;
grant select on access_request, approval, access_grant to claviger_keeper;
grant select, insert on access_request to claviger_gateway;
grant select on approval, access_grant to claviger_gateway;
