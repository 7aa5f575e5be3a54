-- Each step of a rotation asks for its candidate: without this it reads the whole vault for it.
create index secret_version_by_rotation on vault.secret_version (rotation_id) where rotation_id is not null;
