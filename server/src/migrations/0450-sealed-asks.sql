-- What somebody is asked about is text that was typed in a session: from here on it is sealed under the key of the session's recording (docs/formats.md,
-- asked acts), and goes with it. What stood here before goes now; when it was asked, who decided and how stays, here and in the ledger.
alter table session_ask add column action text, add column sealed bytea, alter column act drop not null;
update session_ask set action = act ->> 'action', act = null;
-- of what waits nobody carries the session any more, and a row without its text is none that was attested
update session_ask set state = 'over', why = 'interrupted' where state in ('waiting', 'allowed');
alter table session_ask drop constraint session_ask_is_bounded;
-- the type of a column is said anew by an expression, so that the table is written anew: nothing of the old text stays in its file
alter table session_ask drop column act, alter column action type text using lower(action);
alter table session_ask
  alter column action set not null,
  add constraint session_ask_is_bounded check (octet_length(sealed) <= 400000 and length(action) <= 20 and length(comment) <= 500);

-- the same text stood beside the ledger; the entries keep what they committed to, and every proof still verifies
delete from ledger_personal p using ledger_entry e
where p.entry_id = e.id and p.field = 'what' and position('"act":"session.act_asked"'::bytea in e.bytes) > 0;
