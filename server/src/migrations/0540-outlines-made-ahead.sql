-- A gateway process makes the outline of a terminal that runs, behind the session: whoever looks into it first reads what came since and not all of it.
grant select, insert, delete on recording_outline to claviger_gateway;
