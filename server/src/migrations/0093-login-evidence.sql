-- Who was seen to be logged in with observed accounts. Not attested: whoever writes here can have a service rotated too early, and the keeper
-- still asks for seven days.
create table login_look (
  target_id text not null references target (id),
  at        timestamptz not null,
  -- whether the target could be asked
  saw       boolean not null,
  primary key (target_id, at)
);
create table login_seen (
  account_id text not null references account (id),
  address    text not null,
  program    text not null,
  first_seen timestamptz not null,
  last_seen  timestamptz not null,
  primary key (account_id, address, program)
);
grant select, insert on login_look to claviger_server;
grant select, insert, update on login_seen to claviger_server;
