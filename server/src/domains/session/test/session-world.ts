import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Admitted, CutReason, How, LiveSession } from '../../../gateways/contract.ts'
import type { Keeper } from '../../../keeper/client.ts'
import { granted } from '../../../keeper/test/access.ts'
import { openWorld, type Row } from '../../../keeper/test/world.ts'
import { Secret } from '../../../kernel/secret.ts'
import { newId } from '../../../platform/crypto/random.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import type { Bucket } from '../../../platform/object-store/index.ts'
import { createDecide } from '../../access/index.ts'
import { createActs } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { createSessionHost, type Host, type SessionHostDeps } from '../index.ts'
import { viewRecording } from '../view-recording.ts'

export const password = 'the injected password'
export const shell = { kind: 'shell' as const, term: { columns: 80, rows: 24, name: 'xterm' } }

interface Entry {
  id: string
  act: string
  phase: string
  by: string | null
  intent: string | null
  fields: Row
}

/**
 * Sessions as a gateway process has them: its own role in the database, its own line to the keeper, and web01 with an account of which the vault
 * holds the password. `granted` gives alice a grant of her own: before each test.
 */
export async function openSessions() {
  const world = await openWorld()
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  const pool = openPool(world.database.connection('gateway'), 6)
  const db = openDb(pool)
  const { clock, gateway } = world
  const deps: SessionHostDeps = {
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now },
    ...{
      reachable: { ssh: ['linux-ssh'], postgres: ['postgres'], mysql: ['mysql'] },
      rotationMs: 20_000,
      limits: { idleSeconds: 28_800, longestSeconds: 28_800 },
      log: () => undefined,
      decide: createDecide(gateway),
      shortestSeconds: 20,
      connects: () => true,
      console: 'http://localhost',
    },
  }
  const host = createSessionHost(deps)
  const holdsPassword = async (account: string) =>
    must(await world.keeper.ask('storeCredential', { account, credential: 'password', public: null }, Secret.fromText(password)))
  await holdsPassword(world.deploy.id)

  let given: { alice: Admitted; grant: string } | undefined
  const now = () => {
    if (!given) throw new Error('alice has no grant: beforeEach(sessions.granted)')
    return given
  }
  const entries = async () => (await world.entries()) as unknown as Entry[]

  return {
    ...{ world, deps, host, recordings, holdsPassword, entries },
    async granted() {
      const { grant } = await granted(world, world.alice, world.deploy, world.bob)
      const attempt = { door: 'ssh' as const, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
      const { presence } = await world.present(world.alice)
      given = { alice: { person: world.alice.id, attempt, admitted: true, presence }, grant: String(grant.id) }
    },
    alice: () => now().alice,
    grant: () => now().grant,
    open: async (by: Host = host, how: How = shell) =>
      await by.open(now().alice, { id: now().grant as never, remainingMs: 3_600_000 }, how),
    ended: async (live: LiveSession, reason: CutReason | 'closed' = 'closed') => await live.ended({ reason, exitStatus: 0 }),
    without: (changed: Partial<SessionHostDeps>) => createSessionHost({ ...deps, ...changed }),
    /** A keeper that tells what it was asked, and can be made to fail. */
    listening: (asked: string[], fail: (operation: string) => void = () => undefined): Keeper => ({
      ...gateway,
      ask: async (operation, args, payload) => {
        asked.push(operation)
        fail(operation)
        return await gateway.ask(operation, args, payload)
      },
    }),
    policy: async (name: string, text: string) => {
      const row = { id: newId('pol'), name, text, state: 'active', created_at: clock.now() }
      must(await world.write([{ kind: 'policy', revision: 1, row }], world.setup))
    },
    about: async (session: string) => (await entries()).filter((e) => e.fields.session === session),
    rowOf: async (session: string) => (await world.sql('select state, end_reason from session where id = $1', [session]))[0],
    newest: async () =>
      (await world.sql('select id, state, end_reason, recording_id from session order by opened_at desc limit 1'))[0] as {
        id: string
        state: string
        end_reason: string
        recording_id: string
      },
    recordingOf: async (session: string) => String((await world.sql('select id from recording where session_id = $1', [session]))[0].id),
    /** As an officer opens it in the console. */
    viewed: async (session: string, bucket?: Bucket, audit = world.audit): Promise<ReturnType<typeof viewRecording>> => {
      const { presence } = await world.present(world.dave)
      const by = { person: world.dave.id, presence }
      return await viewRecording(
        { db: world.db, keeper: world.keeper, audit, index: world.index, recordings, bucket },
        session,
        by,
        'replay',
      )
    },
    async close() {
      await pool.end()
      await world.close()
    },
  }
}

/** What the whole of a recording was found to be. */
export async function verdictOf(opened: Awaited<ReturnType<typeof viewRecording>>) {
  const { reader } = must(opened)
  for await (const _frame of reader.frames()) void _frame
  await reader.close()
  return reader.verdict
}
