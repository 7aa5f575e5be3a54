-- By which way somebody came to a door: with a client of their own, or in the console.
alter table session add column way text not null default 'native';
alter table session add constraint session_way_is_known check (way in ('native', 'web'));
