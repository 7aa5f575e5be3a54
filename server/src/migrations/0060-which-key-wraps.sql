-- Under which location key each data key is sealed, as its own bytes say it (docs/formats.md, sealed secrets): a column that somebody could set would
-- let a key be destroyed under which something still is.
alter table vault.secret_version add column key_id text
  generated always as (
    case when octet_length(wrapped_key) > 3 then encode(substring(wrapped_key from 4 for get_byte(wrapped_key, 2)), 'escape') end
  ) stored;
create index secret_version_by_key on vault.secret_version (key_id, owner_kind, owner_id, what, version);

-- A version of a location key goes when nothing is sealed under it any more.
grant delete on vault.location_key to claviger_keeper;
