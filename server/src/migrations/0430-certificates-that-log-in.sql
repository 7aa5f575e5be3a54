-- Certificates that people bring in log in to targets and are tried there, as passwords and keys are.
alter table credential_health drop constraint credential_health_credential_is_known;
alter table credential_health add constraint credential_health_credential_is_known check (credential in ('password', 'ssh-key', 'tls'));
