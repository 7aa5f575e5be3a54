-- Lists of thousands, of one person among many, and what somebody asked for before.
create index access_request_asked_before on access_request (requester_id, account_id, created_at desc);
create index access_request_newest_of on access_request (requester_id, created_at desc, id desc);
create index session_newest_of on session (person_id, opened_at desc, id desc);
create index access_grant_newest on access_grant (starts_at desc, id desc);
