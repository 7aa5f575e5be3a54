-- A clock that was wrong for a while writes ends that no grant can have: a day after its end, or before its start. The first would
-- keep a person out for a day, the second would give time back that was used. What a grant used lies between nothing and its window.
create or replace function access_grant_chain_is_at_most_eight_hours() returns trigger language plpgsql as $$
declare total interval;
begin
  -- what was given back early was not used
  select coalesce(sum(greatest(least(coalesce(g.ended_at, g.ends_at), g.ends_at) - g.starts_at, interval '0')), interval '0')
    into total from access_grant g where g.chain_id = new.chain_id and g.id <> new.id;
  if total + (new.ends_at - new.starts_at) > interval '8 hours' then
    raise exception 'a grant with all its renewals is at most 8 hours' using constraint = 'access_grant_chain_is_at_most_eight_hours', errcode = 'check_violation';
  end if;
  return new;
end $$;
