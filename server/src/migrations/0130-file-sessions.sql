-- Transfers of files by SFTP.
alter table session drop constraint session_kind_is_known;
alter table session add constraint session_kind_is_known check (kind in ('shell', 'exec', 'sql', 'files'));
