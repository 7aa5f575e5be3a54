-- What officers order of a running session is attested by the keeper, its end too: a gateway carries out what bears the keeper's MAC, once, for the session
-- that it names. What was ordered until now is carried out or over, and stands in the ledger.
drop table session_end_order;
drop function session_end_ordered();
delete from session_order;

alter table session_order
  alter column at drop default,
  add column revision int not null,
  add column mac bytea not null,
  drop constraint session_order_is_known,
  drop constraint session_order_outcome_is_known,
  add constraint session_order_is_known check (what in ('message', 'suspend', 'resume', 'end')),
  -- refused: nobody who may ordered it; late: overtaken, or too old when it could be carried out
  add constraint session_order_outcome_is_known check (outcome in ('done', 'not_shown', 'refused', 'late'));

drop trigger session_ordered on session_order;
create function session_ordered() returns trigger language plpgsql as $$ begin
  perform pg_notify(case when new.what = 'end' then 'session_end_ordered' else 'session_attend' end, new.session_id);
  return null;
end $$;
create trigger session_ordered after insert on session_order for each row execute function session_ordered();

grant select on session_order to claviger_keeper;
