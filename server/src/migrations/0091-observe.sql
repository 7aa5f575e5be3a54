-- Since when an account is watched and never rotated, because something that nobody told us of may use it. Attested; null: not, or not any more.
alter table account add column observed_since timestamptz;
alter table account add constraint account_observed_is_found check (observed_since is null or state = 'found');
