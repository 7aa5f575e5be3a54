/**
 * SQL that puts years of work beside what is there: requests of one person for one account, every fourth still waiting, the others with
 * a vote, a grant that ended and a session. Attested by nobody: good for looking at lists, and nothing would ever be released for them.
 */
export const manyRequests = (count: number, of: { person: string; approver: string; account: string }): string[] => {
  const numbered = (prefix: string) => `'${prefix}_' || lpad('m' || n, 10, '0')`
  const at = `timestamptz '2020-01-01' + n * interval '1 hour'`
  const over = `generate_series(1, ${count}) as n where n % 4 <> 0`
  return [
    `insert into access_request (id, requester_id, account_id, action, reason, seconds, obligations, digest, state, created_at, expires_at, revision, mac)
     select ${numbered('req')}, '${of.person}', '${of.account}', 'connect', 'Release ' || n, 600,
       '{"approvals":1,"maxSeconds":3600,"itsmTicket":false,"mfa":"session","reveal":"never","recorded":true,"because":["many"]}',
       repeat('0', 64), case when n % 4 = 0 then 'waiting' else 'approved' end, ${at}, ${at} + interval '1 day', 1, '\\x00'
     from generate_series(1, ${count}) as n`,
    `insert into approval (id, request_id, requester_id, approver_id, verdict, digest, factor_kind, at, revision, mac)
     select ${numbered('apr')}, ${numbered('req')}, '${of.person}', '${of.approver}', 'approved', repeat('0', 64), 'totp', ${at}, 1, '\\x00'
     from ${over}`,
    `insert into access_grant (id, request_id, person_id, account_id, action, starts_at, ends_at, state, ended_at, end_reason, chain_id, epoch, revision, mac)
     select ${numbered('grt')}, ${numbered('req')}, '${of.person}', '${of.account}', 'connect', ${at}, ${at} + interval '10 minutes',
       'ended', ${at} + interval '10 minutes', 'expired', ${numbered('grt')}, 1, 1, '\\x00'
     from ${over}`,
    `insert into session (id, grant_id, person_id, account_id, door, kind, source, recording_id, header_hash, opened_at, state, ended_at, end_reason, revision, mac)
     select ${numbered('ses')}, ${numbered('grt')}, '${of.person}', '${of.account}', 'ssh', 'shell', '198.51.100.7', ${numbered('rec')},
       repeat('0', 64), ${at}, 'ended', ${at} + interval '9 minutes', 'closed', 1, '\\x00'
     from ${over}`,
    'analyze access_request, approval, access_grant, session',
  ]
}
