-- Where the sealed bytes of a recording lie, for people; nothing opens or is believed on it. Null: in the folder of the server that made it.
alter table recording
  add column stored_in text,
  add column stored_at timestamptz;
