-- What a host was seen to trust decides when the SSH authority may be replaced, so the keeper attests it from now on. Which hosts did before is seen anew:
-- claviger ssh-ca trust TARGET. Accounts that are reached by certificate stay so.
drop table ssh_trust;
create table ssh_trust (
  id        text primary key,
  target_id text not null references target (id),
  -- the versions of the authority by whose certificates it let in
  versions  int[] not null,
  -- somebody laid down the files; else the account that manages the target did
  by_hand   boolean not null,
  state     text not null,
  revision  int not null,
  mac       bytea not null,
  -- not attested, only shown and waited for
  seen_at   timestamptz not null default clock_timestamp(),
  tries     int not null default 0,
  next_try  timestamptz,
  why       text,
  constraint ssh_trust_one_for_a_target unique (target_id),
  constraint ssh_trust_state_is_known check (state in ('trusts', 'gone')),
  constraint ssh_trust_why_is_short check (length(why) <= 500)
);

-- How the SSH authority is replaced: one row, or none where it never was.
create table ssh_rotation (
  id          text primary key,
  step        text not null,
  old_version int not null,
  new_version int not null,
  -- hosts that it does not wait for: [{"target": …, "reason": …, "by": …}]
  left_out    jsonb not null,
  begun_by    text not null references person (id),
  revision    int not null,
  mac         bytea not null,
  begun_at    timestamptz not null default clock_timestamp(),
  changed_at  timestamptz not null default clock_timestamp(),
  constraint ssh_rotation_is_one check (id = 'shr_0000000000'),
  constraint ssh_rotation_step_is_known check (step in ('telling', 'signing', 'done')),
  constraint ssh_rotation_goes_on check (new_version > old_version)
);
create index ssh_rotation_begun_by on ssh_rotation (begun_by);

grant select, insert, update on ssh_trust, ssh_rotation to claviger_server;
grant select on ssh_trust, ssh_rotation to claviger_keeper;
