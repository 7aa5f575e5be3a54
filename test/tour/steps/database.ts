import { randomBytes } from 'node:crypto'
import { access, call, inventory, session } from '@claviger/api'
import pg from 'pg'
import { patience } from '../arguments.ts'
import { eventually } from '../eventually.ts'
import { yes, yesWithCode } from '../person.ts'
import type { Proof } from '../proof.ts'
import { rotatedSince, rotationRow, settled } from '../rotations.ts'
import type { Tour } from '../tour.ts'

/* The same way for a database: asked for, approved, used with psql and a driver, looked at, given back, rotated. */

const account = 'app_admin@orders-db'
const role = 'tour_reader'

export async function askForDatabase(tour: Tour, proof: Proof): Promise<void> {
  const reason = 'tour: look at the orders'
  const { request } = await tour
    .person('alice')
    .must<{ request: access.AccessRequest }>(['request', account, '--for', '1h', '--reason', reason])
  tour.found('ordersRequest', request)
  proof.show('request for the database', [{ id: request.id, account, for: '1h', state: request.state }])
  proof.prove('and she asks for the database likewise', request.state === 'waiting', request)
}

export async function approveDatabase(tour: Tour, proof: Proof): Promise<void> {
  const { id, digest } = tour.need('ordersRequest')
  const approver = tour.approver()
  const ask = (code: string) => call(approver.api, access.approveRequest, { params: { id }, body: { digest, code } })
  const { grant, state } = await yesWithCode('approval for the database', approver, ask)
  proof.show('grant for the database', [{ id: grant?.id ?? null, until: grant?.endsAt ?? null, approvedBy: approver.name }])
  proof.prove(`${approver.name} approved the database too`, state === 'approved' && grant?.state === 'active', grant)
  tour.found('ordersGrant', grant as access.Grant)
}

export async function useDatabase(tour: Tour, proof: Proof): Promise<void> {
  const alice = tour.person('alice')
  const grant = tour.need('ordersGrant')
  await settled(tour, (await ordersAccount(tour)).id, new Date(Date.now() - 120_000).toISOString())
  const marker = `secret-${randomBytes(6).toString('hex')}`
  tour.found('sqlMarker', marker)
  const statements = [
    'select current_user as whoami',
    `drop role if exists ${role}`,
    `create role ${role} login password '${marker}'`,
    `drop role ${role}`,
    'select 1/0',
  ]
  const args = statements.flatMap((sql) => ['-c', sql])
  const psql = await alice.cli(['connect', account, '--database', 'orders', '--', '-X', '-At', '-v', 'ON_ERROR_STOP=1', ...args])
  proof.show('claviger connect orders-db', `exit ${psql.status}, said: ${psql.out.trim().split('\n').join(', ')}`)
  proof.prove('real psql came through the gateway by TLS, as app_admin, without its password', psql.out.includes('app_admin\n'), psql)
  proof.prove('and its exit status was passed on', psql.status === 1 && /division by zero/.test(psql.err), psql)

  const rows = await byDriver(tour, grant.id)
  proof.show('by a driver', rows)
  proof.prove('a driver with a connection ticket likewise, with parameters', rows[0]?.answer === 42 && rows[0].who === 'app_admin', rows)

  const at = new Date().toISOString()
  await alice.must(['grants', 'end', grant.id, '--reason', 'tour: seen enough'])
  tour.found('ordersGivenBack', { grant: grant.id, at })
  const refused = await call(alice.api, session.issueTicket, { params: { id: grant.id } })
  proof.prove('once given back, the grant has no ticket any more', !refused.ok && refused.refusal.code === 'access.grant_over', refused)
}

/** node-postgres straight at the door, with the ticket as its password and the door's certificate checked. */
async function byDriver(tour: Tour, grant: string): Promise<{ answer: number; who: string }[]> {
  const { api } = tour.person('alice')
  const ticket = await yes('a connection ticket', call(api, session.issueTicket, { params: { id: grant } }))
  const ca = await yes('the authority of the gateway', call(api, session.gatewayCa))
  const { host, port, user } = ticket
  const client = new pg.Client({
    ...{ host, port, user, password: ticket.ticket, database: 'orders', connectionTimeoutMillis: Math.ceil(15_000 * patience) },
    ssl: { ca, rejectUnauthorized: true },
  })
  await client.connect()
  try {
    return (await client.query('select $1::int * 7 as answer, current_user::text as who, $2::text as note', [6, 'tour-note'])).rows
  } finally {
    await client.end()
  }
}

export async function lookAtStatements(tour: Tour, proof: Proof): Promise<void> {
  const marker = tour.need('sqlMarker')
  const dave = tour.person('dave')
  const sessions = await eventually('the recordings of the database to be sealed', 20, async () => {
    const list = await yes('the list of sessions', call(dave.api, session.sessions, { query: { limit: 50 } }))
    const own = list.sessions.filter((s) => s.grant === tour.need('ordersGrant').id && s.kind === 'sql')
    return own.length === 2 && own.every((s) => s.recording?.state === 'sealed') ? own.toReversed() : undefined
  })
  const pages = await Promise.all(
    sessions.map(({ id }) => yes('the statements', call(dave.api, session.sessionStatements, { params: { id }, query: {} }))),
  )
  const statements = pages.flatMap((p) => p.statements)
  proof.show(
    'statements',
    statements.map((s) => ({
      statement: s.sql.slice(0, 60),
      with: s.parameters.join(', ') || null,
      ms: s.durationMs === null ? null : Number(s.durationMs.toFixed(1)),
      rows: s.rows,
      came: s.sqlState ?? s.outcome,
    })),
  )
  const created = statements.find((s) => /^create role/.test(s.sql))
  proof.prove(
    'each statement is listed with duration, rows and outcome',
    created?.outcome === 'ok' && created.durationMs !== null,
    statements,
  )
  proof.prove(
    'the one that failed with its error, and parameters with the one that had them',
    statements.some((s) => s.sqlState === '22012') && statements.some((s) => s.parameters.includes('tour-note')),
    statements,
  )
  const text = await dave.cli(['sessions', 'statements', sessions[0]?.id ?? '', '--text'])
  proof.prove(
    'the password in SQL is masked, in the list as in the export',
    created?.masked === true &&
      created.sql.includes("'[masked]'") &&
      text.status === 0 &&
      ![JSON.stringify(pages), text.out].some((t) => t.includes(marker)),
    created,
  )
  proof.prove(
    'these sealed files are whole too',
    pages.every((p) => p.verified?.ok === true && !p.verified.interrupted),
    pages.map((p) => p.verified),
  )
}

export async function databaseRotated(tour: Tour, proof: Proof): Promise<void> {
  const { at } = tour.need('ordersGivenBack')
  const rotations = await rotatedSince(tour, await ordersAccount(tour), at)
  proof.show('rotation of the database account', rotations.map(rotationRow))
  proof.prove(
    'the password of app_admin was rotated after the end, proven, and the old one refused by the database',
    rotations.every((r) => r.state === 'done' && r.verifiedAt !== null && r.oldRefusedAt !== null),
    rotations,
  )
}

async function ordersAccount(tour: Tour): Promise<inventory.Account> {
  const { api } = tour.person('alice')
  const { id } = tour.need('ordersRequest').account
  return await yes('the account of the database', call(api, inventory.getAccount, { params: { id } }))
}
