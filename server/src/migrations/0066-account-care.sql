-- When an account's credentials were last replaced and last looked at: what falls due by age is reckoned from here.
create table account_care (
  account_id      text primary key references account (id),
  rotated_at      timestamptz not null,
  verified_at     timestamptz not null,
  -- replaced after this age in place of the installation's, in seconds
  max_age_seconds int,
  constraint account_care_age_is_bounded check (max_age_seconds is null or max_age_seconds between 3600 and 31536000)
);

-- Several accounts that one person ordered together.
create table rotation_batch (
  id         text primary key,
  reason     text not null,
  ordered_by text not null references person (id),
  ordered_at timestamptz not null
);
create index rotation_batch_ordered_by on rotation_batch (ordered_by);
create table rotation_batch_item (
  batch_id   text not null references rotation_batch (id),
  order_id   text not null references rotation_order (id),
  -- the order as it was given: done is what was finished after that
  generation int not null,
  primary key (batch_id, order_id)
);
create index rotation_batch_item_order on rotation_batch_item (order_id);

-- until when the target may go on accepting what was replaced, and when we looked again
alter table rotation add column old_valid_until timestamptz;
alter table rotation add column old_checked_at timestamptz;
create index rotation_old_valid on rotation (old_valid_until) where old_valid_until is not null and old_checked_at is null;

grant select, insert, update on account_care to claviger_server;
grant select, insert on rotation_batch, rotation_batch_item to claviger_server;
