-- The elected server inserts many entries of its own together with their places: one statement where there were two, one version of each row.
-- Keepers and gateways still insert none, and a place is the next one or it is refused: one beyond it would stop the log for good.
grant insert (place) on ledger_entry to claviger_server;

create or replace function ledger_entry_arrived() returns trigger language plpgsql as $$
declare
  first bigint;
  last bigint;
  placed bigint;
  waiting bigint;
begin
  select min(place), max(place), count(place), count(*) filter (where place is null) into first, last, placed, waiting from fresh;
  if placed > 0 then
    if last - first + 1 <> placed or (first > 1 and not exists (select 1 from ledger_entry where place = first - 1)) then
      raise exception 'a ledger entry has the next place or none' using constraint = 'ledger_entry_has_the_next_place';
    end if;
  end if;
  -- what has its place already waits for nobody
  if waiting > 0 then perform pg_notify('ledger_arrived', ''); end if;
  return null;
end $$;
drop trigger ledger_entry_arrived on ledger_entry;
create trigger ledger_entry_arrived after insert on ledger_entry referencing new table as fresh for each statement execute function ledger_entry_arrived();
