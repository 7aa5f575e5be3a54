-- Targets that were seen to let in by certificates of the SSH authority. Nothing opens on it: it says what is shown, and what is asked before an account is marked.
create table ssh_trust (
  target_id  text primary key references target (id),
  -- the version of the authority whose certificate opened
  authority  int not null,
  -- somebody laid down the files; else the account that manages the target did
  by_hand    boolean not null,
  seen_at    timestamptz not null default clock_timestamp()
);
grant select, insert, update, delete on ssh_trust to claviger_server;
