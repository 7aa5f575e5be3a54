-- Two security officers open what a person typed unseen in one session (docs/security.md). Attested: who writes here opens nothing.
create table input_opening (
  id           text primary key,
  session_id   text not null references session (id),
  recording_id text not null,
  -- whose session it was
  person_id    text not null references person (id),
  requester_id text not null references person (id),
  reason       text not null,
  state        text not null,
  asked_at     timestamptz not null,
  expires_at   timestamptz not null,
  approver_id  text references person (id),
  approved_at  timestamptz,
  ends_at      timestamptz,
  epoch        int not null,
  -- how many times it was looked at, and the last time by whom and when
  shown        int not null,
  shown_to     text references person (id),
  shown_at     timestamptz,
  withdrawn_by text references person (id),
  revision     int not null,
  mac          bytea not null,
  constraint input_opening_state_is_known check (state in ('waiting', 'approved', 'withdrawn')),
  constraint input_opening_takes_two check (approver_id <> requester_id),
  constraint input_opening_is_of_others check (requester_id <> person_id and approver_id <> person_id and withdrawn_by <> person_id),
  constraint input_opening_is_approved_by_somebody check (state <> 'approved' or (approver_id is not null and ends_at is not null)),
  constraint input_opening_is_shown_after_approval check (shown between 0 and 3 and (shown = 0 or approver_id is not null)),
  constraint input_opening_is_shown_to_the_two check (shown_to in (requester_id, approver_id)),
  constraint input_opening_is_bounded check (length(reason) between 1 and 500)
);
create index input_opening_session on input_opening (session_id, asked_at desc);
create index input_opening_newest on input_opening (asked_at desc, id desc);
create index input_opening_person on input_opening (person_id);
create index input_opening_requester on input_opening (requester_id);
create index input_opening_approver on input_opening (approver_id);
create index input_opening_shown_to on input_opening (shown_to);
create index input_opening_withdrawn_by on input_opening (withdrawn_by);

grant select, insert, update on input_opening to claviger_server;
grant select on input_opening to claviger_keeper;
