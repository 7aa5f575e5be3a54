-- Gateways hear of policies that are added, changed or retired: sessions that run there are looked at anew.
create function policy_changed() returns trigger language plpgsql as $$ begin perform pg_notify('policy_changed', ''); return null; end $$;
create trigger policy_changed after insert or update on policy for each statement execute function policy_changed();
