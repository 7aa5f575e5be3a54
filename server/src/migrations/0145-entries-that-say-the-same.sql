-- Reads of one credential, by the same person at the same moment, are entries that differ in their ids alone. One line of the search index stands for
-- all of them: `place` is that of the last, `also` are those of the others, and their own ids are all among its words.
alter table ledger_index add column also bigint[];
