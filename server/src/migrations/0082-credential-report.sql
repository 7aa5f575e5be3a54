-- What the report of credentials looks for, at hundreds of thousands of them.
create index secret_version_current_age on vault.secret_version (created_at) where owner_kind = 'account' and state = 'current';
create index secret_version_current_bits on vault.secret_version (what, bits) where owner_kind = 'account' and state = 'current';
create index secret_version_unmarked on vault.secret_version (owner_id, what, version)
  where owner_kind = 'account' and fingerprint is null and state <> 'destroyed';
create index access_grant_account_end on access_grant (account_id, ends_at);
