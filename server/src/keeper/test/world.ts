import { layDownPolicies } from '../../domains/access/index.ts'
import { auditEvent } from '../../domains/audit/index.ts'
import { must, openHouse } from '../../domains/identity/test/house.ts'
import { policiesFolder } from '../../domains/policy/test/questions.ts'
import type { AccountId, PersonId, TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { attest, type NewRow } from '../attest-rows.ts'
import type { Keeper } from '../client.ts'
import type { Authority, KeeperRefusal } from '../contract.ts'
import { contentOf, type FactKind } from '../facts/fact.ts'
import { factColumns } from '../facts/tables.ts'

const written = auditEvent('test.written', { rows: 'shown' })
const asJson: readonly string[] = [
  'settings',
  'identity',
  'obligations',
  'seen',
  'gone',
  'custodians',
  'left_out',
  'terms',
  'kept_as',
  'changes',
]
/** Columns that the database wants and nobody attests. */
const beside: Partial<Record<FactKind, Record<string, unknown>>> = {
  ssh_key: { label: 'laptop' },
  passkey: { label: 'blue' },
  legal_hold: { reason: 'a case' },
  retention_anchor: { reason: 'it is over' },
}

export type World = Awaited<ReturnType<typeof openWorld>>
export type Row = Record<string, unknown>

/**
 * A house with the people of the lab, the shipped policies and a few targets that exist as attested rows alone: enough for everything
 * that is decided, nothing that is connected to.
 */
export async function openWorld({ policies = policiesFolder }: { policies?: string } = {}) {
  const house = await openHouse()
  const { keeper, audit, sql } = house
  const gateway = await house.as('gateway')
  const setup: Authority = { by: 'setup', token: house.setupToken }

  /** Writes a row as it is: what an attacker with the database does, and what the domains do with what was attested. */
  const store = async (kind: FactKind, row: Row, revision: number, mac: Buffer): Promise<void> => {
    const all: Row = { ...Object.fromEntries(factColumns[kind].map((c) => [c, row[c]])), ...beside[kind], revision, mac }
    if (kind === 'access_grant' && row.state !== 'active') all.ended_at = house.clock.now()
    if (kind === 'access_request' && row.state === 'queued') all.queued_at = house.clock.now()
    const names = Object.keys(all)
    const values = names.map((n) => (asJson.includes(n) ? JSON.stringify(all[n]) : all[n]))
    await sql(
      `insert into "${kind}" (${names.map((n) => `"${n}"`).join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})
       on conflict (id) do update set ${names.map((n) => `"${n}" = excluded."${n}"`).join(', ')}`,
      values,
    )
  }

  /** Has rows attested, writes them and their entry: a whole act, without the rules of any domain before the keeper's. */
  const write = async (rows: readonly NewRow[], authority: Authority, by: Keeper = keeper): Promise<Result<void, KeeperRefusal>> => {
    const attested = await attest(by, rows, authority)
    if (!attested.ok) return attested
    for (const { kind, row, revision } of rows) await store(kind, row, revision, attested.value.macOf(String(row.id)))
    return await audit.act<void, KeeperRefusal>({ act: 'test.write', by: null }, async ({ record }) => {
      await record(written({ rows: rows.map((r) => String(r.row.id)) }), attested.value.attestations)
      return ok(undefined)
    })
  }

  /** A row that the keeper's key is under though no rule allowed it: what only somebody with that key can make. */
  const attested = async (kind: FactKind, row: Row): Promise<void> => {
    const attestation = house.inside.context.keys.attest(kind, contentOf(factColumns[kind], row), 1)
    await store(kind, row, 1, Buffer.from(attestation.mac, 'hex'))
    await audit.act<void, KeeperRefusal>({ act: 'test.write', by: null }, async ({ record }) => {
      await record(written({ rows: [String(row.id)] }), [attestation])
      return ok(undefined)
    })
  }

  const target = (name: string, over: Row = {}) => ({
    ...{ id: newId('tgt') as TargetId, name, kind: 'linux-ssh', environment: 'production', tier: 1 },
    ...{ settings: { host: '192.0.2.7', port: 22 }, identity: { hostKey: 'SHA256:pinned' }, manager: 'root' },
    ...over,
  })
  const account = (on: { id: TargetId; tier: number }, name: string, over: Row = {}) => ({
    ...{ id: newId('acc') as AccountId, target_id: on.id, name, category: 'local-admin', tier: on.tier, privileges: ['sudo'] },
    ...{ credentials: ['password'], state: 'found' },
    ...over,
  })

  /** A target with its accounts, taken over: each has a credential in the vault. */
  const added = async (on: ReturnType<typeof target>, ...names: string[]) => {
    const accounts = names.map((name) => account(on, name))
    const rows: NewRow[] = [
      { kind: 'target', revision: 1, row: on },
      ...accounts.map((row) => ({ kind: 'account' as const, revision: 1, row })),
    ]
    must(await write(rows, setup))
    const managed = accounts.map((a) => ({ ...a, state: 'managed' }))
    must(
      await write(
        managed.map((row) => ({ kind: 'account' as const, revision: 2, row })),
        { by: 'system' },
      ),
    )
    return managed
  }

  must(await layDownPolicies({ audit, keeper, folder: policies }, house.setupToken))
  const people = {
    alice: await house.enrolled('alice', ['engineers']),
    bob: await house.enrolled('bob', ['approvers']),
    carol: await house.enrolled('carol', ['security', 'administrators', 'approvers']),
    dave: await house.enrolled('dave', ['auditors']),
    erin: await house.enrolled('erin', ['engineers', 'approvers']),
  }
  const web01 = target('web01')
  const [deploy, root] = (await added(web01, 'deploy', 'root')) as [ReturnType<typeof account>, ReturnType<typeof account>]

  return {
    ...house,
    ...people,
    gateway,
    setup,
    store,
    write,
    attested,
    target,
    account,
    added,
    web01,
    deploy,
    root,
    stepUp: (who: { id: PersonId; code(): string }): Authority => ({ by: 'stepUp', person: who.id, code: who.code() }),
    /** A fresh presence of somebody. */
    async present(who: { id: PersonId; code(): string }): Promise<{ by: 'presence'; presence: string }> {
      const { presence } = must(await keeper.ask('presence', { person: who.id, code: who.code() }))
      return { by: 'presence', presence }
    },
    /** The rows that the keeper vouches for. */
    async vouched(kind: FactKind, id: string): Promise<Row> {
      return must(await keeper.ask('vouch', { rows: [{ kind, id }] })).rows[0] as Row
    },
  }
}
