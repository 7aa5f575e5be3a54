-- What bounds a session while it runs, for those who look at it: its gateway keeps the end by its own clock and needs no row for it.
alter table session add column ends_at timestamptz;
alter table session add column idle_seconds int;
alter table session add column finish_seconds int;
alter table session add column supervised boolean not null default false;
-- supervised, and nobody observes it now
alter table session add column unobserved boolean not null default false;

-- That an observer is there: made with the recording's key over a challenge that passed to them among what they watch. Its gateway, which has
-- the key too, believes nothing else of this table.
alter table session_watch add column proof bytea;
drop trigger session_watch_changed on session_watch;
create trigger session_watch_changed after insert or update of state, proof on session_watch for each row execute function session_attend();
