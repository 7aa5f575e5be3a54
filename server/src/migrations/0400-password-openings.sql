-- A gateway that lets people in by password needs the salt to make of what was typed what the keeper compares. The verifier itself it never sees.
create view password_opening as
  select p.name, p.id as person_id, substring(f.verifier from '^(.*[$])[^$]*$') as opening
  from person p
  left join factor f on f.person_id = p.id and f.kind = 'password' and f.state = 'active';

grant select on password_opening to claviger_gateway;
-- wrong passwords count for a name and for an address, whichever door they were typed at
grant select, insert, update on sign_in_failures to claviger_gateway;
