-- Which requests were made under an ITSM ticket: people write it with capitals or without.
create index access_request_ticket on access_request (lower(itsm_ticket)) where itsm_ticket is not null;
