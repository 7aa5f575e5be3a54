-- What sessions are found by: keyed hashes of the words in their recordings (docs/formats.md, Words). Nothing opens on these rows and nothing is
-- shown because of them: what they point at is read again, by somebody who may, before it is an answer. A liar with the database can hide by them.

-- One row for each recording that ended: whether its words are here. `n` stands for it beside each word, counted as recordings are read.
create table recording_words (
  recording_id text primary key references recording (id),
  n            int unique,
  state        text not null default 'waiting',
  -- how often somebody began to read it
  tries        int not null default 0,
  -- it has more words than are kept
  cut          boolean not null default false,
  looked_at    timestamptz not null default clock_timestamp(),
  constraint recording_words_state_is_known check (state in ('waiting', 'reading', 'found', 'failed', 'forgotten'))
);
create index recording_words_open on recording_words (recording_id) where state in ('waiting', 'reading');

-- `token`: 64 bits of a MAC under the key of its month. `at`: when the session began, in seconds since 1970, so that the newest come first
-- without looking any further.
create table session_word (
  token bigint not null,
  at    int not null,
  n     int not null,
  primary key (token, at, n)
);
-- the words of one recording are written together: an index of where each lies takes next to nothing
create index session_word_of on session_word using brin (n) with (pages_per_range = 16, autosummarize = on);

-- whoever writes that a recording ended orders its words
create function recording_ended() returns trigger language plpgsql as $$
begin
  insert into recording_words (recording_id) values (new.id)
    on conflict (recording_id) do update set state = 'waiting' where recording_words.state <> 'forgotten';
  perform pg_notify('recording_ended', '');
  return null;
end $$;
create trigger recording_ended after update of state on recording for each row
  when (new.state is distinct from old.state and new.state in ('sealed', 'interrupted')) execute function recording_ended();
insert into recording_words (recording_id) select id from recording where state in ('sealed', 'interrupted');

grant select, insert, update on recording_words to claviger_server;
grant insert (recording_id), select (recording_id, state), update (state) on recording_words to claviger_gateway;
grant select, insert, delete on session_word to claviger_server;

-- How often the key of a recording was given out for its words: the keeper's alone.
create table vault.opened_for_words (
  recording_id text primary key,
  times        int not null default 0
);
grant select, insert, update on vault.opened_for_words to claviger_keeper;
