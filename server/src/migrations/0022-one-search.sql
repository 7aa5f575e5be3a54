-- The ledger's own search finds what names an id: a second index of the same would only slow each entry down.
drop index ledger_entry_ids;
drop function ledger_ids(bytea);
