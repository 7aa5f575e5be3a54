-- What was recorded on a laptop under an opened kit, brought back: the lines as they were written there, sealed to the kit's own key.
create table breakglass_recording (
  id         text primary key,
  kit_id     text not null references breakglass_kit (id),
  account_id text not null references account (id),
  custodians text[] not null,
  started_at timestamptz not null,
  adopted_at timestamptz not null,
  adopted_by text not null references person (id),
  -- its last line is there, which only its end writes
  whole      boolean not null,
  pieces     int not null,
  sha256     text not null,
  lines      text not null,
  constraint breakglass_recording_comes_once unique (sha256)
);
create index breakglass_recording_kit on breakglass_recording (kit_id);
create index breakglass_recording_account on breakglass_recording (account_id);
create index breakglass_recording_adopted_by on breakglass_recording (adopted_by);
grant select, insert on breakglass_recording to claviger_server;

-- Parts of one that is on its way.
create table breakglass_upload (
  id         text primary key,
  person_id  text not null references person (id),
  begun_at   timestamptz not null,
  lines      text not null
);
create index breakglass_upload_person on breakglass_upload (person_id);
grant select, insert, update, delete on breakglass_upload to claviger_server;
