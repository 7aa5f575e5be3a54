import { createServer, type Server } from 'node:net'
import { access, call, identity, type inventory, live, session } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureKey } from '../../cli/src/ssh/identity.ts'
import { fingerprint, parsePublicKeyLine } from '../../server/src/protocols/ssh-keys/index.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { plainSsh, ssh, startSsh } from '../support/ssh.ts'
import type { Superuser } from '../support/superuser.ts'
import { accounts, alarm, grant, takeOver, targetNamed, workAccount } from '../support/work.ts'

/*
 * Whoever owns the database changes rows that decide access: with triggers and constraints off, as its superuser.
 * Each time nothing opens at the real door, and an alarm stands in the ledger that names the row.
 */

let claviger: Claviger
let db: Superuser
let alice: Person
let bob: Person
let carol: Person
let account: inventory.Account
let web01: inventory.Target
let at: string
let granted: access.Grant

/** Listens where an attacker would like the credential to go, and keeps every byte. */
let impostor: { server: Server; port: number; heard: Buffer[] }

beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  db = await claviger.superuser()
  carol = await claviger.person('carol')
  bob = await claviger.person('bob')
  alice = await claviger.person('alice')
  await takeOver(claviger)
  account = await workAccount(claviger)
  at = `${account.name}@web01`
  web01 = await targetNamed(claviger, 'web01')
  granted = (await grant(alice, bob, at)).grant
  impostor = await listenAsImpostor()
})
afterAll(async () => {
  impostor?.server.close()
  await db?.close()
  await claviger?.stop()
})

async function listenAsImpostor() {
  const heard: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => heard.push(bytes))
    socket.write('SSH-2.0-OpenSSH_9.2p1\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0, heard }
}

const marker = 'it-is-open'
const comesIn = async (person = alice, to = at) => {
  const { out, said } = await ssh(claviger, person, to, `echo ${marker}`)
  return { open: out.includes(marker), said }
}

/** Nothing opens while the forgery stands, the ledger names it, and afterwards the door opens as before. */
async function opensNothing(row: { table: string; id: string }, attack: string, values: unknown[] = []): Promise<void> {
  await db.forging(row, attack, values, async () => {
    const tried = await comesIn()
    expect(tried.open, tried.said).toBe(false)
    expect(tried.said).toContain('Nothing opens on it; an alarm was raised')
    const raised = await alarm(carol, (a) => a.act === 'alarm.forged_row' && a.fields.subject === row.id)
    expect(raised).toMatchObject({ phase: 'alarm', fields: { kind: row.table, subject: row.id } })
  })
}

describe('the superuser of the database', () => {
  test('sees the door open as long as nothing is touched', async () => {
    expect(await comesIn()).toMatchObject({ open: true })
  })

  test('leads nobody to another address by changing the target', async () => {
    const attack = `update target set settings = settings || jsonb_build_object('host', '127.0.0.1', 'port', $2::int) where id = $1`
    await opensNothing({ table: 'target', id: web01.id }, attack, [web01.id, impostor.port])
    expect(Buffer.concat(impostor.heard).length).toBe(0)
  })

  test('pins no other identity', async () => {
    const attack = `update target set identity = jsonb_build_object('hostKey', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA') where id = $1`
    await opensNothing({ table: 'target', id: web01.id }, attack, [web01.id])
  })

  test.each(['target', 'account'])('makes no %s less critical', async (table) => {
    const id = table === 'target' ? web01.id : account.id
    await opensNothing({ table, id }, `update "${table}" set tier = 3 where id = $1`, [id])
  })

  test('gives a grant no later end', async () => {
    const attack = `update access_grant set ends_at = ends_at + interval '6 hours' where id = $1`
    await opensNothing({ table: 'access_grant', id: granted.id }, attack, [granted.id])
  })

  test('gives a grant to nobody else', async () => {
    const attack = 'update access_grant set person_id = $2 where id = $1'
    await db.forging({ table: 'access_grant', id: granted.id }, attack, [granted.id, bob.id], async () => {
      const tried = await comesIn(bob)
      expect(tried.open, tried.said).toBe(false)
      await alarm(carol, (a) => a.act === 'alarm.forged_row' && a.fields.subject === granted.id)
    })
  })

  test('asks for no longer time in a request that was approved', async () => {
    const attack = 'update access_request set seconds = 28800 where id = $1'
    await opensNothing({ table: 'access_request', id: granted.request }, attack, [granted.request])
  })

  test('makes no grant one for another account', async () => {
    const root = (await accounts(claviger)).find((a) => a.target.name === 'web01' && a.id !== account.id)
    const attack = 'update access_grant set account_id = $2 where id = $1'
    await db.forging({ table: 'access_grant', id: granted.id }, attack, [granted.id, root?.id], async () => {
      const tried = await comesIn(alice, `${root?.name}@web01`)
      expect(tried.open, tried.said).toBe(false)
      expect(tried.said).toContain('Nothing opens on it; an alarm was raised')
    })
  })

  test('puts a person into no group', async () => {
    await opensNothing({ table: 'person', id: alice.id }, `update person set groups = '{administrators,security}' where id = $1`, [
      alice.id,
    ])
  })

  test('enters as bob with no key of their own', async () => {
    const { keys } = must(await call(bob.api, identity.sshKeys))
    const id = keys[0]?.id ?? ''
    const folder = `${claviger.work}/mallory`
    const line = ensureKey(folder, 'mallory')
    const parsed = parsePublicKeyLine(line)
    const print = parsed.ok ? fingerprint(parsed.value.blob) : ''
    const attack = 'update ssh_key set public_key = $2, fingerprint = $3 where id = $1'
    await db.forging({ table: 'ssh_key', id }, attack, [id, line.split(' ').slice(0, 2).join(' '), print], async () => {
      const program = plainSsh(
        claviger.work,
        [
          ...['-p', `${claviger.ports.ssh}`, '-i', `${folder}/id_ed25519`, '-o', 'IdentitiesOnly=yes', '-o', 'NumberOfPasswordPrompts=1'],
          ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', `bob@${at}@127.0.0.1`, `echo ${marker}`],
        ],
        await bob.code(),
      )
      expect(await program.ended).toBe(255)
      expect(program.out()).not.toContain(marker)
      await alarm(carol, (a) => a.act === 'alarm.forged_row' && a.fields.subject === id)
    })
  })

  test('approves nothing by inserting an approval', async () => {
    const other = must(
      await call(alice.api, access.fileRequest, { body: { account: 'root@web01', duration: '30m', reason: 'not approved' } }),
    )
    const id = 'apr_forged0001'
    await db.sql(
      `insert into approval (id, request_id, requester_id, approver_id, verdict, digest, factor_kind, at, revision, mac)
       values ($1, $2, $3, $4, 'approved', $5, 'totp', now(), 1, $6)`,
      [id, other.id, alice.id, bob.id, other.digest, Buffer.alloc(32, 7)],
    )
    await db.sql(`update access_request set state = 'approved' where id = $1`, [other.id])
    const grantId = 'grt_forged0001'
    await db.sql(
      `insert into access_grant (id, request_id, person_id, account_id, action, starts_at, ends_at, state, chain_id, epoch, revision, mac)
       values ($1, $2, $3, $4, 'connect', now(), now() + interval '30 minutes', 'active', $1, 1, 1, $5)`,
      [grantId, other.id, alice.id, other.account.id, Buffer.alloc(32, 9)],
    )
    const tried = await comesIn(alice, 'root@web01')
    expect(tried.open, tried.said).toBe(false)
    await alarm(carol, (a) => a.act === 'alarm.forged_row' && a.fields.subject === grantId)
    // without the grant, the votes are looked at when somebody votes for real
    await db.sql('delete from access_grant where id = $1', [grantId])
    await db.sql(`update access_request set state = 'waiting' where id = $1`, [other.id])
    const voted = await call(carol.api, access.approveRequest, {
      params: { id: other.id },
      body: { digest: other.digest, code: await carol.code() },
    })
    expect(voted).toMatchObject({ ok: false, refusal: { code: 'keeper.forged_row' } })
    await alarm(carol, (a) => a.act === 'alarm.forged_row' && a.fields.subject === id)
    await db.sql('delete from approval where id = $1', [id])
    must(await call(alice.api, access.withdrawRequest, { params: { id: other.id } }))
  })

  test('takes away no rule by deleting a policy', async () => {
    const [forbid] = await db.sql<{ id: string }>(`select id from policy where name = 'floor-second-factor'`)
    const id = forbid?.id ?? ''
    await opensNothing({ table: 'policy', id }, 'delete from policy where id = $1', [id])
    await opensNothing({ table: 'policy', id }, `update policy set state = 'retired' where id = $1`, [id])
  })

  test('speaks in no session as an officer, lets none go on that an officer suspended, announces nobody, and ends no grant', async () => {
    const terminal = await startSsh(claviger, alice, at, { terminal: true, seconds: 290 })
    terminal.type('echo begun-$((6*7))\n')
    await terminal.shows(/begun-42/)
    const [running] = await db.sql<{ id: string }>(
      `select id from session where state = 'running' and person_id = $1 order by opened_at desc`,
      [alice.id],
    )
    const params = { id: running?.id ?? '' }
    must(await call(carol.api, live.suspendSession, { params, body: { reason: 'Wait for me.' } }))
    await terminal.shows(/An officer suspended this session: Wait for me/)
    for (const [what, words] of [
      ['message', 'Confirm your password at https://claviger.example'],
      ['resume', 'Go on.'],
    ] as const) {
      const id = `sor_forged${what.slice(0, 4)}`
      await db.sql(
        `insert into session_order (id, session_id, what, words, by_person, at, revision, mac) values ($1, $2, $3, $4, $5, now(), 1, $6)`,
        [id, params.id, what, words, carol.id, Buffer.alloc(32, 5)],
      )
      // no trigger is in a superuser's way, and none tells the gateway
      await db.sql(`select pg_notify('session_attend', $1)`, [params.id])
      await alarm(carol, (a) => a.act === 'alarm.forged_row' && a.fields.subject === id)
    }
    terminal.type('echo after-$((6*7))\n')
    must(await call(carol.api, live.messageSession, { params, body: { message: 'That was not me.' } }))
    await terminal.shows(/A message of an officer: That was not me/)
    expect(terminal.said()).not.toMatch(/after-42|Confirm your password|goes on/)
    must(await call(carol.api, live.resumeSession, { params, body: { reason: 'Go on.' } }))
    await terminal.shows(/after-42/)

    // nobody is said to watch, and no grant to be over, by a row
    await db.sql(`insert into session_watch (id, session_id, by_person, kind, proof) values ('wat_forged0001', $1, $2, 'announced', $3)`, [
      params.id,
      carol.id,
      Buffer.alloc(32, 5),
    ])
    await db.sql(`select pg_notify('session_attend', $1)`, [params.id])
    await db.forging(
      { table: 'access_grant', id: granted.id },
      `update access_grant set state = 'ended', ended_at = clock_timestamp() where id = $1`,
      [granted.id],
      async () => {
        await db.sql(`select pg_notify('access_changed', $1)`, [granted.id])
        // each goes through the keeper after it; an alarm about this grant was raised by those before, and there is one in a minute
        must(await call(carol.api, live.messageSession, { params, body: { message: 'Still you?' } }))
        await terminal.shows(/A message of an officer: Still you/)
        terminal.type('echo still-$((6*7))\n')
        await terminal.shows(/still-42/)
      },
    )
    terminal.type('echo and-still-$((6*7))\n')
    await terminal.shows(/and-still-42/)
    expect(terminal.said()).not.toMatch(/watches this session|grant has ended|became of the grant/)
    must(await call(carol.api, session.endSession, { params, body: { reason: 'somebody is in the database' } }))
    await terminal.shows(/A security officer ended this session/)
    await terminal.ended
  })

  test('makes no sign-in somebody else’s', async () => {
    const [mine] = await db.sql<{ id: string }>('select id from sign_in where person_id = $1 and ended_at is null', [alice.id])
    const id = mine?.id ?? ''
    await db.forging({ table: 'sign_in', id }, 'update sign_in set person_id = $2 where id = $1', [id, carol.id], async () => {
      expect(await call(alice.api, identity.me)).toMatchObject({ ok: false, status: 401 })
      await alarm(carol, (a) => a.fields.subject === id)
    })
    must(await call(alice.api, identity.me))
  })

  test('writes no history: an entry of theirs is signed for what it is', async () => {
    const id = 'ent_forged0001'
    const bytes = JSON.stringify({
      ...{ v: 1, id, at: new Date().toISOString(), act: 'access.approved', phase: 'done', by: bob.id },
      ...{ fields: {}, committed: {}, attests: [], intent: null },
    })
    await db.sql('insert into ledger_entry (id, bytes, origin, tag) values ($1, $2, $3, $4)', [
      id,
      Buffer.from(bytes),
      'api',
      Buffer.alloc(32, 1),
    ])
    const raised = await alarm(carol, id)
    expect(raised).toMatchObject({ act: 'alarm.ledger', fields: { subject: id } })
  })

  test('puts back no older revision, and the door that was closed stays so', async () => {
    await db.sql('create temp table yesterday as select * from access_grant where id = $1'.replace('$1', `'${granted.id}'`))
    must(await call(alice.api, access.endGrant, { params: { id: granted.id }, body: { reason: 'done' } }))
    await db.sql('delete from access_grant where id = $1', [granted.id])
    await db.sql('insert into access_grant select * from yesterday')
    const tried = await comesIn()
    expect(tried.open, tried.said).toBe(false)
    const raised = await alarm(
      carol,
      (a) => a.act === 'alarm.forged_row' && a.fields.subject === granted.id && /older revision/.test(String(a.fields.why)),
    )
    expect(raised.phase).toBe('alarm')
  })
})
