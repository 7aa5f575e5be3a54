-- What a replay of a recording begins with, so that nobody waits until all of it is read: the outline (n = 0), and what stood on the screen when each
-- stretch began (n = 1, …). Sealed under the recording's own data key (docs/formats.md, Outline), made anew from the file when it is missing, altered
-- or of another file. Nothing is believed because of it: each stretch is checked against the file when it is shown, and the whole file beside.
create table recording_outline (
  recording_id text not null references recording (id),
  n            int not null,
  sealed       bytea not null,
  primary key (recording_id, n)
);
grant select, insert, delete on recording_outline to claviger_server;
