-- What a page of a long list needs: the ids in each entry, and lists by time.

-- Ids are ASCII, so that the escaped text of the bytes shows each as it is. Immutable: the same bytes always hold the same ids.
create function ledger_ids(bytes bytea) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct m[1]), '{}') from regexp_matches(encode(bytes, 'escape'), '"([a-z]{3}_[a-z0-9]{10})"', 'g') as m
$$;
create index ledger_entry_ids on ledger_entry using gin (ledger_ids(bytes));

create index access_request_newest on access_request (created_at desc, id desc);
create index session_newest on session (opened_at desc, id desc);
create index rotation_newest on rotation (started_at desc, id desc);
