-- A passkey of a person (WebAuthn): a second factor that says what it is for. Attested: who writes here lets nobody in.
create table passkey (
  id            text primary key,
  person_id     text not null references person (id),
  label         text not null,
  -- base64url, as the authenticator made it
  credential_id text not null,
  algorithm     text not null,
  -- SubjectPublicKeyInfo in DER, base64
  public_key    text not null,
  -- the name that it was made for: it answers at no other
  rp_id         text not null,
  state         text not null default 'active',
  created_at    timestamptz not null default clock_timestamp(),
  revision      int not null,
  mac           bytea not null,
  constraint passkey_algorithm_is_known check (algorithm in ('ES256', 'EdDSA', 'RS256')),
  constraint passkey_state_is_known check (state in ('active', 'removed')),
  constraint passkey_is_bounded check (
    length(label) between 1 and 100 and length(credential_id) between 16 and 1364 and length(public_key) <= 1000 and length(rp_id) <= 253
  )
);
create index passkey_person on passkey (person_id);
create unique index passkey_belongs_to_one_person on passkey (credential_id) where state = 'active';

grant select, insert, update on passkey to claviger_server;
grant select on passkey to claviger_keeper;

-- How far the counter of an authenticator got, where it has one, and when it was last used.
create table vault.passkey_use (
  passkey_id text primary key,
  counter    bigint not null,
  used_at    timestamptz not null
);
-- Answers that were taken, by the hash of their challenge: each is good once, at whichever node. Older ones are refused for their age.
create table vault.passkey_spent (
  challenge_hash bytea primary key,
  spent_at       timestamptz not null
);
create index passkey_spent_by_age on vault.passkey_spent (spent_at);
grant select, insert, update on vault.passkey_use to claviger_keeper;
grant select, insert, delete on vault.passkey_spent to claviger_keeper;
