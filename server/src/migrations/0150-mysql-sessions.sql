-- Sessions by the MySQL door.
alter table session drop constraint session_door_is_known;
alter table session add constraint session_door_is_known check (door in ('ssh', 'postgres', 'mysql'));
