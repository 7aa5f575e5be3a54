-- Two people say that accounts for emergencies are needed now, and custodians open them with their shares: for one window.
create table breakglass_activation (
  id           text primary key,
  -- drill: a rehearsal on one account, under which nobody gets in
  kind         text not null,
  accounts     text[] not null,
  requester_id text not null references person (id),
  approver_id  text references person (id),
  reason       text not null,
  seconds      int not null,
  state        text not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  starts_at    timestamptz,
  ends_at      timestamptz,
  epoch        int not null,
  reviewer_id  text references person (id),
  review       text,
  -- beside what is attested, for looking at
  ended_at     timestamptz,
  end_reason   text,
  -- of a drill: each step, whether it went well, and how long it took
  steps        jsonb,
  revision     int not null,
  mac          bytea not null,
  constraint breakglass_activation_kind_is_known check (kind in ('emergency', 'drill')),
  constraint breakglass_activation_state_is_known
    check (state in ('waiting', 'approved', 'active', 'ended', 'reviewed', 'withdrawn', 'expired')),
  constraint breakglass_activation_is_bounded check (seconds between 1 and 14400 and cardinality(accounts) between 1 and 20),
  constraint breakglass_activation_takes_two check (approver_id is null or approver_id <> requester_id),
  constraint breakglass_activation_has_two check (state in ('waiting', 'withdrawn', 'expired') or approver_id is not null),
  constraint breakglass_activation_is_reviewed_by_another
    check (reviewer_id is null or (reviewer_id <> requester_id and reviewer_id <> approver_id)),
  constraint breakglass_activation_review_is_whole check ((state = 'reviewed') = (review is not null and reviewer_id is not null)),
  constraint breakglass_activation_window_is_whole
    check ((state in ('active', 'ended', 'reviewed')) = (starts_at is not null and ends_at is not null))
);
create index breakglass_activation_requester on breakglass_activation (requester_id);
create index breakglass_activation_approver on breakglass_activation (approver_id);
create index breakglass_activation_reviewer on breakglass_activation (reviewer_id);
create index breakglass_activation_open on breakglass_activation (state) where state in ('waiting', 'approved', 'active', 'ended');
create index breakglass_activation_created_at on breakglass_activation (created_at);

grant select, insert, update on breakglass_activation to claviger_server;
grant select on breakglass_activation to claviger_keeper;

-- the activation that brought a request; what was attested before has no such column
alter table access_request add column activation text references breakglass_activation (id);
create index access_request_activation on access_request (activation);
