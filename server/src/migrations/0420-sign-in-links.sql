-- Somebody at a gateway waits for a link to be confirmed in the console. Whether there is such a person is not looked at; the row opens nothing, and is removed when it is old.
create table sign_in_link (
  id           text primary key,
  -- what stands in the link: a name, and no secret
  display_code text not null unique,
  -- SHA-256, hex, of what only the process has that holds the connection
  connection   text not null,
  -- who they say they are and where they want to go
  who          text not null,
  account      text not null,
  target       text not null,
  -- `ip:port`, and what the client calls itself
  source       text not null,
  address      text not null,
  client       text not null,
  -- what was shown before: nothing, a key or a password
  shown        text not null,
  -- stands in the terminal
  number       text not null,
  asked_at     timestamptz not null,
  expires_at   timestamptz not null,
  state        text not null,
  constraint sign_in_link_state_is_known check (state in ('waiting', 'confirmed', 'refused', 'misread', 'over')),
  constraint sign_in_link_shown_is_known check (shown in ('', 'key', 'password')),
  constraint sign_in_link_is_short check (expires_at <= asked_at + interval '2 minutes'),
  constraint sign_in_link_is_bounded check (
    length(who) <= 128 and length(account) <= 64 and length(target) <= 128 and length(source) <= 64 and length(client) <= 100)
);
create index sign_in_link_who on sign_in_link (who, asked_at);
create index sign_in_link_address on sign_in_link (address, asked_at);
create index sign_in_link_expires on sign_in_link (expires_at);

-- Its person said yes to one connection, with a fresh code; attested by the keeper, which lets that connection in once.
create table sign_in_confirmation (
  id              text primary key,
  person_id       text not null references person (id),
  -- of the person, when they confirmed: who was disabled since does not come in
  person_revision int not null,
  epoch           int not null,
  who             text not null,
  account         text not null,
  target          text not null,
  source          text not null,
  number          text not null,
  connection      text not null,
  confirmed_at    timestamptz not null,
  expires_at      timestamptz not null,
  revision        int not null,
  mac             bytea not null
);
create index sign_in_confirmation_person on sign_in_confirmation (person_id);

create function sign_in_link_decided() returns trigger language plpgsql as $$ begin perform pg_notify('sign_in_link', new.id); return null; end $$;
create trigger sign_in_link_decided after update of state on sign_in_link for each row execute function sign_in_link_decided();

grant select, update (state) on sign_in_link to claviger_server;
grant select, insert, update (state), delete on sign_in_link to claviger_gateway;
grant select, insert on sign_in_confirmation to claviger_server;
grant select on sign_in_confirmation to claviger_keeper;
