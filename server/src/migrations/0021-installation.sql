-- What a keeper must know to become this installation's keeper again: which seal, whose log, the sealed ledger signer. The same text stands in
-- each keeper's folder. It carries a MAC under the root key: a changed row is seen the moment the seal opens, and before that it opens nothing.
create table vault.installation (
  one      boolean primary key default true check (one),
  revision int not null,
  record   text not null,
  changed_at timestamptz not null default clock_timestamp(),
  constraint installation_is_bounded check (length(record) between 2 and 16384 and revision >= 1)
);
grant select, insert, update on vault.installation to claviger_keeper;
