-- How far the keeper of each server has followed the ledger, as its api says every few seconds. For people to look at; nothing is decided by it.
alter table node_part
  add column keeper_epoch int,
  add column keeper_size  bigint;
