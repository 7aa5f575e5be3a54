-- Accounts for emergencies: their credentials are sealed to a public key whose private half no server has.
-- true or nothing: what was attested before has no such column
alter table account add column break_glass boolean;
alter table account add constraint account_break_glass_or_nothing check (break_glass);

-- The public key of the break-glass location, and whose shares open it. Each share is encrypted to its custodian's own key.
create table breakglass_key (
  id            text primary key,
  recipient     text not null,
  threshold     int not null,
  -- [{"name", "key", "share"}]: the share as an armored age file
  custodians    jsonb not null,
  -- proposed: by an administrator; active: an officer confirmed it, what rotates is sealed to it; replaced, dropped: not any more
  state         text not null,
  introduced_by text not null references person (id),
  created_at    timestamptz not null default clock_timestamp(),
  revision      int not null,
  mac           bytea not null,
  constraint breakglass_key_state_is_known check (state in ('proposed', 'active', 'replaced', 'dropped')),
  constraint breakglass_key_takes_two check (threshold >= 2)
);
create index breakglass_key_introduced_by on breakglass_key (introduced_by);
create unique index breakglass_key_one_counts on breakglass_key ((true)) where state = 'active';
create unique index breakglass_key_one_waits on breakglass_key ((true)) where state = 'proposed';

grant select, insert, update on breakglass_key to claviger_server;
grant select on breakglass_key to claviger_keeper;

-- Offline kits as they were made: nobody opens one without its custodians.
create table breakglass_kit (
  id         text primary key,
  key_id     text not null references breakglass_key (id),
  made_by    text references person (id),
  made_at    timestamptz not null,
  -- [{"account", "credential", "version"}]: what of which version is in it
  contents   jsonb not null,
  file       text not null,
  -- when it was found not to be as things are
  stale_at   timestamptz
);
create index breakglass_kit_key on breakglass_kit (key_id);
create index breakglass_kit_made_by on breakglass_kit (made_by);
create index breakglass_kit_made_at on breakglass_kit (made_at);
grant select, insert, update on breakglass_kit to claviger_server;
