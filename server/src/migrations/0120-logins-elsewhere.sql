-- Looks at logins come every few minutes where accounts for emergencies are: only the last weeks are kept.
grant delete on login_look to claviger_server;

-- Since when logins with an account for emergencies count: what was before its first look was before it became one.
create table breakglass_watch (
  account_id text primary key references account (id),
  since      timestamptz not null
);
-- Logins with one that were none of ours, each once. Not attested: whoever writes here can keep an alarm from being raised, as whoever stops the looks can.
create table breakglass_login (
  account_id text not null references account (id),
  address    text not null,
  program    text not null,
  began_at   timestamptz not null,
  seen_at    timestamptz not null,
  primary key (account_id, address, program, began_at)
);
grant select, insert, delete on breakglass_watch to claviger_server;
grant select, insert on breakglass_login to claviger_server;
