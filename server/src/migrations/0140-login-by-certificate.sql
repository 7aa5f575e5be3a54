-- Accounts that sessions log in to with certificates by the SSH authority, in place of what the vault keeps of them.
alter table account add column login text;
alter table account add constraint account_login_is_known check (login in ('certificate'));
