import { join } from 'node:path'
import { Secret as OtpSecret, TOTP } from 'otpauth'
import pg from 'pg'
import { connectKeeper, type Keeper } from '../../../keeper/client.ts'
import type { Role } from '../../../keeper/contract.ts'
import type { LifeOptions } from '../../../keeper/life/states.ts'
import { startKeeper } from '../../../keeper/life.ts'
import { serveKeeper } from '../../../keeper/server.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { PersonId } from '../../../kernel/id.ts'
import { ok, type Result } from '../../../kernel/result.ts'
import { sha256 } from '../../../platform/crypto/hash.ts'
import { listen } from '../../../platform/db/listen.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import { createActs, createLedgerIndex, startSequencer } from '../../audit/index.ts'
import { createIdentity } from '../index.ts'
import type { Group } from '../rules.ts'
import { askedFirst } from './asked-first.ts'
import { openDatabase } from './database.ts'

export const goodPassword = 'correct horse battery staple'

/** Where passkeys are asked for in tests. */
export const passkeySite = { rpId: 'localhost', origin: 'http://localhost:8200' }

export type House = Awaited<ReturnType<typeof openHouse>>
export type Someone = Awaited<ReturnType<House['enrolled']>>

/** A real database, a real keeper behind its socket, a real ledger: everything but the processes around them. Its clock can be put forward. */
export async function openHouse(seal: Pick<LifeOptions, 'hsm' | 'kms'> = {}) {
  const alarms: string[] = []
  let ahead = 0
  let stood: number | undefined
  const clock: Clock = { now: () => new Date((stood ?? Date.now()) + ahead), monotonic: () => performance.now() + ahead }

  const database = await openDatabase()
  const { folder } = database
  const keeperPool = openPool(database.connection('keeper'), 4)
  const life = await startKeeper({
    pool: keeperPool,
    folder: join(folder, 'keeper'),
    fresh: 'dev',
    passkeySite,
    ...seal,
    log: (line) => alarms.push(line),
    now: clock.now,
  })
  const { opened } = life
  if (!opened) throw new Error('the seal "dev" did not open')
  const path = join(folder, 'keeper.sock')
  const tokens = { supervisor: 'a', api: 'b', gateway: 'c' }
  const hashed = Object.fromEntries(Object.entries(tokens).map(([role, token]) => [role, sha256(token).toString('hex')])) as typeof tokens
  const server = await serveKeeper(path, { life, roleTokens: hashed, log: (line) => alarms.push(line) })
  const line = await connectKeeper({ path, role: 'api', token: tokens.api })
  const others: Keeper[] = []
  const pool = openPool(database.connection('server'), 6)
  const db = openDb(pool)
  const sequencer = await startSequencer({
    db,
    keeper: line,
    node: 'nod_aaaaaaaaaa',
    anchorFile: join(folder, 'anchor'),
    log: (line) => alarms.push(line),
    everyMs: 50,
  })
  const listening = await listen(database.connection('server'), {
    ledger_arrived: () => sequencer.kick(),
    ledger_signed: () => sequencer.kick(),
  })
  const { keeper, audit } = askedFirst({
    ...{ keeper: line, now: clock.now },
    audit: createActs({ db, keeper: line, now: clock.now, arrived: sequencer.kick, bring: sequencer.bring }),
  })
  const identity = await createIdentity({ db, audit, keeper, clock, whenPersonStops: async () => ok(undefined), passkeySite })
  const owner = new pg.Client(database.connection('owner'))
  await owner.connect()

  const setupToken = opened.context.setup.token ?? ''
  const later = (ms: number) => {
    ahead += ms
  }
  /** The next code: one later than any that was used. */
  const codeOf = (secret: string): string => {
    later(30_000)
    return new TOTP({ secret: OtpSecret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: clock.now().getTime() })
  }

  return {
    identity,
    index: createLedgerIndex(db),
    keeper,
    db,
    audit,
    clock,
    alarms,
    setupToken,
    database,
    sequencer,
    /** The keeper from inside: what no process sees, for tests of what it must notice. */
    inside: opened,
    life,
    keeperPool,
    /** SHA-256 of what each role proves itself with. */
    roleTokens: hashed,
    /** Another process's connection to the keeper. */
    async as(role: Role): Promise<Keeper> {
      const other = await connectKeeper({ path, role, token: tokens[role] })
      others.push(other)
      return other
    },
    isSetupToken: async (token: string) => opened.context.setup.isToken(token),
    later,
    /** From here on the clock goes on by `later` alone, until what this answers is called: for what lies close to a border, that of a code or of a second. */
    standStill() {
      stood = Date.now()
      return () => {
        stood = undefined
      }
    },
    codeOf,
    /** What two officers do after the ledger was found changed. */
    beginEpoch: () => opened.context.identity.nextEpoch(clock.now()),
    /** SQL as the owner of the tables: what an attacker with the database can do. */
    sql: async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows,
    /** What the ledger says, oldest first. */
    entries: async (): Promise<
      { id: string; act: string; phase: string; by: string | null; fields: Record<string, unknown>; attests: { kind: string }[] }[]
    > =>
      (await owner.query<{ bytes: Buffer }>('select bytes from ledger_entry order by place nulls last, at')).rows.map((r) =>
        JSON.parse(r.bytes.toString('utf8')),
      ),
    /** Somebody with password, authenticator and, where given, a key. */
    async enrolled(name: string, groups: readonly Group[] = ['engineers'], publicKey?: string) {
      const authority = { by: 'setup', token: setupToken } as const
      const { enrolmentToken: token } = must(await identity.invitePerson({ name, displayName: name, groups, authority, by: null }))
      const { totp } = must(await identity.beginEnrolment({ token, password: goodPassword }))
      const sshKey = publicKey === undefined ? undefined : { publicKey, label: 'laptop' }
      const person = must(await identity.confirmEnrolment({ token, code: codeOf(totp.secret), sshKey }))
      return { id: person.id as PersonId, name, code: () => codeOf(totp.secret) }
    },
    async signedIn(someone: { name: string; code(): string }) {
      const { challenge } = must(await identity.signIn({ name: someone.name, password: goodPassword, source: '127.0.0.1' }))
      const { token } = must(await identity.signInCode({ challenge, code: someone.code(), kind: 'cli', source: '127.0.0.1' }))
      return { token, ...must(await identity.authenticate(token)) }
    },
    async close() {
      await listening.close()
      await sequencer.stop()
      for (const one of [keeper, ...others]) await one.close()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([owner.end(), pool.end(), keeperPool.end()])
      await database.close()
    },
  }
}

export function must<T, E>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}
