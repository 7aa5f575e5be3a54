-- A change of policies: proposed by one person, approved by another. What it says never changes; `changes` is a list of policies as they shall be.
create table policy_change (
  id          text primary key,
  changes     jsonb not null,
  reason      text not null,
  proposed_by text not null references person (id),
  proposed_at timestamptz not null,
  state       text not null,
  decided_by  text references person (id),
  decided_at  timestamptz,
  revision    int not null,
  mac         bytea not null,
  constraint policy_change_state_is_known check (state in ('proposed', 'approved', 'withdrawn')),
  constraint policy_change_is_approved_by_another check (state <> 'approved' or decided_by <> proposed_by),
  constraint policy_change_is_bounded check (length(reason) between 1 and 500 and jsonb_array_length(changes) between 1 and 40)
);
create index policy_change_proposed_by on policy_change (proposed_by);
create index policy_change_decided_by on policy_change (decided_by);
create index policy_change_newest on policy_change (proposed_at desc, id desc);

grant select, insert, update on policy_change to claviger_server;
grant select on policy_change to claviger_keeper;
