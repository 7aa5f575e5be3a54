-- Who alone brought a person into a group that decides or administers; null once a second one confirmed them, or where none is needed.
alter table person add column introduced_by text references person (id);
create index person_introduced_by on person (introduced_by);
alter table person drop constraint person_state_is_known;
alter table person add constraint person_state_is_known check (state in ('invited', 'unconfirmed', 'active', 'disabled'));
-- for the newest sign-in of somebody, and those that still hold
create index sign_in_running on sign_in (person_id, last_seen_at) where ended_at is null;
create index certificate_person on vault.certificate (person_id, valid_until);
