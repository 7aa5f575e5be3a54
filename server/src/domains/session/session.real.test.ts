import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { session as api } from '@claviger/api'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import type { Admitted, CutReason, FileAct, How, LiveSession } from '../../gateways/contract.ts'
import type { Keeper } from '../../keeper/client.ts'
import { filed, granted, vote } from '../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { newId } from '../../platform/crypto/random.ts'
import { openDb, openPool } from '../../platform/db/open-db.ts'
import { type Bucket, openS3 } from '../../platform/object-store/index.ts'
import { keysOfStore, startS3 } from '../../platform/object-store/test/s3-server.ts'
import { createDecide } from '../access/index.ts'
import { createActs, NotSequenced } from '../audit/index.ts'
import { must } from '../identity/test/house.ts'
import { createSessionHost, type Host, recoverSessions, recoverSessionsOf, type SessionHostDeps } from './index.ts'
import { evidenceOf } from './recording-evidence.ts'
import { saveRecording } from './save-recording.ts'
import { showFiles } from './show-files.ts'
import { showForwards } from './show-forwards.ts'
import { storeRecordings } from './store-recordings.ts'
import { viewRecording } from './view-recording.ts'

let world: World
let pool: pg.Pool
let deps: SessionHostDeps
let host: Host
let recordings: string
const password = 'the injected password'
beforeAll(async () => {
  world = await openWorld()
  recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  // as the gateway process has it: its own database role, its own line to the keeper
  pool = openPool(world.database.connection('gateway'), 6)
  const db = openDb(pool)
  const { clock, gateway } = world
  deps = {
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now },
    ...{
      reachable: { ssh: ['linux-ssh'], postgres: ['postgres'], mysql: [] },
      rotationMs: 20_000,
      limits: { idleSeconds: 28_800, longestSeconds: 28_800 },
      log: () => undefined,
      decide: createDecide(gateway),
      shortestSeconds: 20,
      connects: () => true,
      console: 'http://localhost',
    },
  }
  host = createSessionHost(deps)
  must(
    await world.keeper.ask(
      'storeCredential',
      { account: world.deploy.id, credential: 'password', public: null },
      Secret.fromText(password),
    ),
  )
})
afterAll(async () => {
  await pool?.end()
  await world?.close()
})

let alice: Admitted
let grant: { id: string }
beforeEach(async () => {
  const given = await granted(world, world.alice, world.deploy, world.bob)
  grant = given.grant as { id: string }
  const attempt = { door: 'ssh' as const, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const { presence } = await world.present(world.alice)
  alice = { person: world.alice.id, attempt, admitted: true, presence }
})

const shell = { kind: 'shell' as const, term: { columns: 80, rows: 24, name: 'xterm' } }
const open = async (by: Host = host, how: How = shell) => await by.open(alice, { id: grant.id as never, remainingMs: 3_600_000 }, how)
const entries = async () =>
  (await world.entries()) as unknown as { id: string; act: string; phase: string; by: string | null; intent: string | null; fields: Row }[]
const about = async (session: string) => (await entries()).filter((e) => e.fields.session === session)
const rowOf = async (session: string) => (await world.sql('select state, end_reason from session where id = $1', [session]))[0]
const newest = async () =>
  (await world.sql('select id, state, end_reason, recording_id from session order by opened_at desc limit 1'))[0] as {
    id: string
    state: string
    end_reason: string
    recording_id: string
  }
const without = (changed: Partial<SessionHostDeps>) => createSessionHost({ ...deps, ...changed })
/** A keeper that tells what it was asked, and can be made to fail. */
const listening = (asked: string[], fail: (operation: string) => void = () => undefined): Keeper => ({
  ...world.gateway,
  ask: async (operation, args, payload) => {
    asked.push(operation)
    fail(operation)
    return await world.gateway.ask(operation, args, payload)
  },
})
const ended = async (live: LiveSession, reason: CutReason | 'closed' = 'closed') => await live.ended({ reason, exitStatus: 0 })

describe('a session', () => {
  test('begins with its recording, then its intent, then the credential, and says to the person that it is recorded', async () => {
    const asked: string[] = []
    const live = must(await open(without({ keeper: listening(asked) })))
    const order = ['createRecording', 'attest', 'release'].map((operation) => asked.indexOf(operation))
    expect(order.every((n) => n >= 0)).toBe(true)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(live.notice).toMatch(
      /^This session is recorded: alice as deploy@web01, grant grt_\w+ until .* UTC \(session ses_\w+\)\. It ends sooner after 15m without anything passing; what runs then is cut off\.$/,
    )
    expect(live.login).toMatchObject({ account: 'deploy', credential: { kind: 'password' } })
    expect(live.target).toMatchObject({ host: '192.0.2.7', identity: { hostKey: 'SHA256:pinned' } })
    expect(await live.login.credential.secret.lend('log-in-to-target', (b) => Buffer.from(b).toString())).toBe(password)
    await ended(live)
    const said = await about(live.id)
    expect(said.map((e) => [e.act, e.phase])).toEqual([
      ['session.opening', 'intent'],
      ['session.opened', 'done'],
      ['session.ended', 'outcome'],
    ])
    expect(said.slice(1).map((e) => e.intent)).toEqual([said[0]?.id, said[0]?.id])
    expect(await rowOf(live.id)).toEqual({ state: 'ended', end_reason: 'closed' })
  })

  test('with an account that is reached by certificate gets one for its own key, and nothing of the account', async () => {
    const before = await world.vouched('account', world.deploy.id)
    const mark = async (login: string | null) => {
      const revision = (world.inside.context.notary.head('account', world.deploy.id)?.revision ?? 0) + 1
      must(await world.write([{ kind: 'account', revision, row: { ...before, login } }], world.stepUp(world.carol)))
    }
    await mark('certificate')
    try {
      const live = must(await open())
      const { account, credential } = live.login
      expect(account).toBe('deploy')
      expect(credential).toMatchObject({ kind: 'ssh-key', certificate: expect.stringMatching(/^ssh-ed25519-cert-v01@openssh\.com AAAA/) })
      expect(await credential.secret.lend('log-in-to-target', (b) => Buffer.from(b).toString())).not.toContain(password)
      expect(await live.renewLogin()).toBe(false)
      await ended(live)
      await expect(credential.secret.lend('log-in-to-target', () => 1)).rejects.toThrow('wiped')
      expect((await about(live.id)).map((e) => e.act)).toContain('ssh.certificate_issued')
    } finally {
      await mark(null)
    }
  })

  test('wipes the credential when it has ended, and is settled once', async () => {
    const live = must(await open())
    await Promise.all([ended(live), ended(live, 'idle')])
    await expect(live.login.credential.secret.lend('log-in-to-target', () => 1)).rejects.toThrow('wiped')
    await expect(live.scrub?.lend('scrub-from-output', () => 1)).rejects.toThrow('wiped')
    expect((await about(live.id)).filter((e) => e.phase === 'outcome')).toHaveLength(1)
  })

  test('keeps the injected credential out of its recording, though the target says it', async () => {
    const live = must(await open())
    live.recorder.output(Buffer.from(`your password is ${password}\r\n$ `))
    await ended(live)
    const { reader } = must(await viewed(live.id))
    const shown = []
    for await (const frame of reader.frames()) if (frame.kind === 'output') shown.push(Buffer.from(frame.bytes).toString())
    await reader.close()
    expect(shown.join('')).toContain('your password is')
    expect(shown.join('')).not.toContain(password)
  })

  test('that cannot be recorded does not begin, and no credential is asked for', async () => {
    const asked: string[] = []
    const refused = await open(without({ keeper: listening(asked), recordings: join(recordings, 'not', 'there') }))
    expect(refused).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^recording\./) } })
    expect(asked).not.toContain('release')
    expect(asked).not.toContain('attest')
  })

  test('to a target of another wire does not begin', async () => {
    const asked: string[] = []
    expect(await open(without({ keeper: listening(asked), reachable: { ssh: [], postgres: [], mysql: [] } }))).toMatchObject({
      ok: false,
      error: { code: 'session.no_gateway' },
    })
    expect(asked).not.toContain('createRecording')
  })

  test('that the keeper does not release leaves a closed recording, an outcome and nothing running', async () => {
    const revoking = listening([], (operation) => {
      if (operation === 'release') world.beginEpoch()
    })
    expect(await open(without({ keeper: revoking }))).toMatchObject({ ok: false, error: { code: 'presence.expired' } })
    const { id, state, end_reason } = await newest()
    expect([state, end_reason]).toEqual(['refused', 'presence.expired'])
    const said = await about(id)
    expect(said.at(-1)).toMatchObject({ act: 'session.not_opened', phase: 'outcome', intent: said[0]?.id })
  })

  test('whose intent the ledger does not take gets no credential, and is not left open', async () => {
    const asked: string[] = []
    const audit: SessionHostDeps['audit'] = {
      ...deps.audit,
      act: async (what, fn) => {
        await deps.audit.act(what, fn)
        throw new NotSequenced('not in time')
      },
    }
    await expect(open(without({ keeper: listening(asked), audit }))).rejects.toBeInstanceOf(NotSequenced)
    expect(asked).not.toContain('release')
    const { id, state } = await newest()
    expect(state).toBe('refused')
    const said = await about(id)
    expect(said.at(-1)).toMatchObject({ act: 'session.not_opened', intent: said[0]?.id })
  })

  describe('of an account that is being rotated', () => {
    let rotations = 0
    const held = async (live: LiveSession) => await live.login.credential.secret.lend('log-in-to-target', (b) => Buffer.from(b).toString())
    /** A rotation as any server begins one, up to its end: what the target has meanwhile is the candidate. */
    const rotation = async () => {
      const id = `rot_session00${++rotations}`
      const columns = 'id, account_id, credential, trigger, state, version, reason, started_at'
      await world.sql(`insert into rotation (${columns}) values ($1, $2, 'password', 'on-demand', 'changed', 0, 'x', now())`, [
        id,
        world.deploy.id,
      ])
      must(await world.keeper.ask('prepareRotation', { rotation: id, account: world.deploy.id, credential: 'password' }))
      return {
        async done() {
          must(await world.keeper.ask('promote', { rotation: id }))
          await world.sql("update rotation set state = 'done' where id = $1", [id])
        },
        fail: () => world.sql("update rotation set state = 'failed' where id = $1", [id]),
      }
    }

    test('waits for the end of it, and gets what it promoted', async () => {
      const before = must(await open())
      const old = await held(before)
      await ended(before)
      const asked: string[] = []
      const running = await rotation()
      const opening = open(without({ keeper: listening(asked) }))
      await until('its intent', async () => (await about((await newest()).id)).length > 0)
      await delay(400)
      expect(asked).not.toContain('release')
      await running.done()
      const live = must(await opening)
      expect(await held(live)).not.toBe(old)
      await ended(live)
    })

    test('is refused with what to do, when that does not come to its end', async () => {
      const running = await rotation()
      const asked: string[] = []
      const refused = await open(without({ keeper: listening(asked), rotationMs: 300 }))
      expect(refused).toMatchObject({ ok: false, error: { code: 'session.rotating' } })
      expect(refused.ok || refused.error.say).toContain('claviger accounts show deploy@web01')
      expect(asked).not.toContain('release')
      expect(await newest()).toMatchObject({ state: 'refused', end_reason: 'session.rotating' })
      await running.done()
    })

    test('after it was opened, gets the newer credential once the target refuses the older, and the ledger says so', async () => {
      const live = must(await open())
      const [login, scrub, old] = [live.login, live.scrub, await held(live)]
      // nothing changed: the same one is not offered twice
      expect(await live.renewLogin()).toBe(false)
      const running = await rotation()
      const renewing = live.renewLogin()
      await delay(300)
      await running.done()
      expect(await renewing).toBe(true)
      const newer = await held(live)
      expect(newer).not.toBe(old)
      // what was held before is gone, and what a target echoes of the newer one is kept out of the recording
      await expect(scrub?.lend('scrub-from-output', () => 1)).rejects.toThrow('wiped')
      live.recorder.output(Buffer.from(`it is ${newer}\r\n`))
      login.credential.secret.wipe()
      await ended(live)
      await expect(live.login.credential.secret.lend('log-in-to-target', () => 1)).rejects.toThrow('wiped')
      const { reader } = must(await viewed(live.id))
      const shown = []
      for await (const frame of reader.frames()) if (frame.kind === 'output') shown.push(Buffer.from(frame.bytes).toString())
      await reader.close()
      expect(shown.join('')).toContain('it is ***')
      const said = await about(live.id)
      expect(said.find((e) => e.act === 'session.released_again')).toMatchObject({
        intent: said[0]?.id,
        fields: { account: world.deploy.id, credential: 'password' },
      })
      expect(JSON.stringify(said)).not.toContain(newer)
    })

    test('gets no second credential when the rotation failed, or its grant is over', async () => {
      const live = must(await open())
      const running = await rotation()
      await running.fail()
      expect(await live.renewLogin()).toBe(false)
      await running.done()
      world.beginEpoch()
      expect(await live.renewLogin()).toBe(false)
      await ended(live)
    })
  })

  test('that fails after the release gives the credential back', async () => {
    let released: Secret | undefined
    const keeper: Keeper = {
      ...world.gateway,
      ask: async (operation, args, payload) => {
        const answer = await world.gateway.ask(operation, args, payload)
        if (operation === 'release' && answer.ok) released = answer.value.payload
        return answer
      },
    }
    const audit: SessionHostDeps['audit'] = {
      ...deps.audit,
      noteLater: async (event, ...rest) => {
        if (event.act === 'session.opened') throw new Error('the database went away')
        return await deps.audit.noteLater(event, ...rest)
      },
    }
    await expect(open(without({ keeper, audit }))).rejects.toThrow('went away')
    expect(released).toBeDefined()
    await expect(released?.lend('log-in-to-target', () => 1)).rejects.toThrow('wiped')
    expect(await newest()).toMatchObject({ state: 'refused', end_reason: 'session.failed' })
  })

  test('that was being opened when the database went away is over as soon as that is back, and not left as opening', async () => {
    let away = 0
    const broken = new Proxy(deps.db, {
      get(db, name) {
        if (name === 'transaction' && away > 0) {
          away -= 1
          throw new Error('the database is away')
        }
        const value = Reflect.get(db, name)
        return typeof value === 'function' ? value.bind(db) : value
      },
    })
    const keeper = listening([], (operation) => {
      if (operation !== 'release') return
      // the first try at taking it back, and another one
      away = 2
      throw new Error('the keeper is away, too')
    })
    await expect(open(without({ db: broken, keeper }))).rejects.toThrow('the keeper is away, too')
    const left = await newest()
    expect(left.state).toBe('opening')
    await vi.waitFor(async () => expect(await newest()).toMatchObject({ id: left.id, state: 'refused', end_reason: 'session.failed' }), {
      timeout: 10_000,
    })
    const about_ = await vi.waitFor(async () => {
      const found = await about(left.id)
      expect(found.map(({ act }) => act)).toContain('session.not_opened')
      return found
    })
    const intent = about_.find(({ phase }) => phase === 'intent')
    expect(about_.filter(({ intent: of }) => of === intent?.id).map(({ phase }) => phase)).toEqual(['outcome'])
  })

  test('is cut when its grant ends, and when an officer ends it, and only that one', async () => {
    const [one, two] = [must(await open()), must(await open())]
    const cut: string[] = []
    one.onCut((reason) => cut.push(`one ${reason}`))
    two.onCut((reason) => cut.push(`two ${reason}`))
    host.accessChanged(grant.id)
    host.endOrdered('ses_aaaaaaaaaa')
    host.endOrdered(one.id)
    expect(cut).toEqual(['one ended_by_officer'])
    const row = await world.vouched('access_grant', grant.id)
    must(await world.write([{ kind: 'access_grant', revision: 2, row: { ...row, state: 'ended' } }], { by: 'system' }))
    host.accessChanged('')
    await expect.poll(() => cut).toEqual(['one ended_by_officer', 'one grant_ended', 'two grant_ended'])
    // whoever listens late hears of it too
    const late: string[] = []
    two.onCut((reason) => late.push(reason))
    expect(late).toEqual(['grant_ended'])
    await ended(one, 'ended_by_officer')
    await ended(two, 'grant_ended')
  })

  test('lasts longer when its grant was given more time, and not because a row says so', async () => {
    const live = must(await open())
    const later: number[] = []
    live.onExtended((remainingMs) => later.push(remainingMs))
    const before = live.remainingMs
    const row = await world.vouched('access_grant', grant.id)
    const until = (seconds: number) => new Date(Date.parse(String(row.ends_at)) + seconds * 1000)

    await world.sql('alter table access_grant disable trigger user')
    await world.sql('update access_grant set ends_at = $2 where id = $1', [grant.id, until(7200)])
    host.accessChanged(grant.id)
    const forged = async () => (await entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === grant.id)
    await expect.poll(forged, { timeout: 10_000 }).toBe(true)
    expect(later).toEqual([])
    await world.sql('update access_grant set ends_at = $2 where id = $1', [grant.id, until(0)])
    await world.sql('alter table access_grant enable trigger user')

    const more = await filed(world, world.alice, world.deploy, world.web01, { seconds: 600, extends_grant: grant.id })
    const vote_ = { kind: 'approval', revision: 1, row: vote(world, more, world.bob) } as const
    const approved = { kind: 'access_request', revision: 2, row: { ...more, state: 'approved' } } as const
    const longer = { kind: 'access_grant', revision: 2, row: { ...row, ends_at: until(600) } } as const
    must(await world.write([vote_, approved, longer], world.stepUp(world.bob)))
    host.accessChanged(grant.id)
    await expect.poll(() => later.length).toBe(1)
    expect(later[0]).toBeGreaterThan(before)
    expect(live.remainingMs).toBeLessThanOrEqual(before + 600_000)
    await ended(live)
  })

  test('whose grant ends in the moment in which it is opened is cut', async () => {
    const row = await world.vouched('access_grant', grant.id)
    const late = without({
      keeper: {
        ...world.gateway,
        async ask(operation, args, payload) {
          const answer = await world.gateway.ask(operation, args, payload)
          // after the keeper's yes, and before anybody could cut
          if (operation === 'release')
            must(await world.write([{ kind: 'access_grant', revision: 2, row: { ...row, state: 'ended' } }], { by: 'system' }))
          return answer
        },
      },
    })
    const live = must(await open(late))
    const cut: string[] = []
    live.onCut((reason) => cut.push(reason))
    expect(cut).toEqual(['grant_ended'])
    await ended(live, 'grant_ended')
  })
})

const viewed = async (session: string, bucket?: Bucket, audit = world.audit): Promise<ReturnType<typeof viewRecording>> => {
  const { presence } = await world.present(world.dave)
  return await viewRecording(
    { db: world.db, keeper: world.keeper, audit, index: world.index, recordings, bucket },
    session,
    { person: world.dave.id, presence },
    'replay',
  )
}
const verdictOf = async (opened: Awaited<ReturnType<typeof viewRecording>>) => {
  const { reader } = must(opened)
  for await (const _frame of reader.frames()) void _frame
  await reader.close()
  return reader.verdict
}

const recordingOf = async (session: string) => String((await world.sql('select id from recording where session_id = $1', [session]))[0].id)

describe('while something is away', () => {
  // web01 is of tier 1
  const rules = { withoutDatabaseMs: [60_000, 60_000, 900_000, 3_600_000] as const, spoolEnds: [0, 1] as const }

  test('a session ends when it was without the database for as long as its tier may be, and not before', async () => {
    let away = 59_999
    const by = without({ outages: { databaseAwayMs: () => away, spoolFull: () => false }, outageRules: rules })
    const live = must(await open(by))
    const cut: string[] = []
    live.onCut((reason) => cut.push(reason))
    await delay(1_200)
    expect(cut).toEqual([])
    away = 60_000
    await vi.waitFor(() => expect(cut).toEqual(['database_away']), { timeout: 10_000 })
    away = 0
    await ended(live, 'database_away')
  })

  test('a session ends and none begins when no more recordings may wait for their bucket', async () => {
    let full = false
    const by = without({ outages: { databaseAwayMs: () => 0, spoolFull: () => full }, outageRules: rules })
    const live = must(await open(by))
    const cut: string[] = []
    live.onCut((reason) => cut.push(reason))
    full = true
    await vi.waitFor(() => expect(cut).toEqual(['spool_full']), { timeout: 10_000 })
    expect(await open(by)).toMatchObject({ ok: false, error: { code: 'recording.spool_full' } })
    await ended(live, 'spool_full')
    full = false
    await ended(must(await open(by)))
  })
})

describe('a recording', () => {
  const recorded = async () => {
    const live = must(await open())
    for (let i = 0; i < 3; i++) live.recorder.output(Buffer.from(`line ${i}\r\n`))
    await ended(live)
    const [row] = await world.sql('select id, file from recording where session_id = $1', [live.id])
    return { session: live.id, recording: row.id as string, path: join(recordings, `${row.id}.clvr`) }
  }

  test('is opened for whoever may, after the ledger has that they look', async () => {
    const { session, recording } = await recorded()
    expect(await verdictOf(await viewed(session))).toMatchObject({ state: 'intact', anchored: true })
    expect((await entries()).filter((e) => e.act === 'recording.viewed' && e.fields.recording === recording)).toMatchObject([
      { by: world.dave.id },
    ])
  })

  test.each<[string, (r: { recording: string; path: string }) => Promise<void>]>([
    ['cut back', async ({ path }) => truncateSync(path, readFileSync(path).length - 40)],
    [
      'cut back, and its row says that it was interrupted there',
      async ({ path, recording }) => {
        truncateSync(path, readFileSync(path).lastIndexOf('CLVC')) // the last chunk as a whole
        await world.sql(
          "update recording set state = 'interrupted', chunks = 0, head = '', manifest = null, signature = null where id = $1",
          [recording],
        )
      },
    ],
    [
      'with a byte changed',
      async ({ path }) => {
        const bytes = readFileSync(path)
        bytes[bytes.length - 30] = (bytes.at(-30) as number) ^ 1
        writeFileSync(path, bytes)
      },
    ],
  ])('says so when its file was %s', async (_what, change) => {
    const made = await recorded()
    await change(made)
    expect((await verdictOf(await viewed(made.session)))?.finding).toBeDefined()
  })

  test('is what the ledger says, whatever its row says, and its row leads to no other file', async () => {
    const { session, recording } = await recorded()
    await world.sql("update recording set file = '../../keeper/dev-root.key', manifest = '{}', chunks = 99, head = 'x' where id = $1", [
      recording,
    ])
    expect(await verdictOf(await viewed(session))).toMatchObject({ state: 'intact', anchored: true })
  })

  test('is taken to the bucket, is shown from there, and says where it was altered there', async () => {
    const s3 = await startS3()
    const place = { bucket: s3.bucket, endpoint: s3.endpoint, region: 'eu-central-1', prefix: '', pathStyle: true }
    const bucket = await openS3(place, Secret.fromText(keysOfStore), s3.dial, deps.now)
    const running = must(await open())
    const { session, recording, path } = await recorded()
    const said: string[] = []
    const carrying = storeRecordings({
      ...{ db: deps.db, audit: deps.audit, clock: world.clock, recordings, bucket, spoolBytes: 1e9, node: 'here' },
      ...{ everyMs: 100, log: (line: string) => said.push(line) },
    })
    try {
      const before = readFileSync(path)
      await vi.waitFor(() => expect([existsSync(path), said]).toEqual([false, []]), { timeout: 20_000 })
      const stored = (await entries()).filter((e) => e.act === 'recording.stored' && e.fields.recording === recording)
      expect(stored).toMatchObject([{ fields: { place: bucket.place, bytes: before.length, sha256: sha256(before).toString('hex') } }])
      expect(await world.sql('select stored_in from recording where id = $1', [recording])).toEqual([{ stored_in: bucket.place }])
      // of one that runs the file stays
      expect(readdirSync(recordings)).toContain(`${await recordingOf(running.id)}.clvr`)
      expect(await verdictOf(await viewed(session, bucket))).toMatchObject({ state: 'intact', anchored: true })
      const object = s3.file(`${recording}.clvr`)
      before[before.length - 30] = (before.at(-30) as number) ^ 1
      writeFileSync(object, before)
      const finding = (await verdictOf(await viewed(session, bucket)))?.finding
      expect(finding?.from).toBeLessThanOrEqual(before.length - 30)
      expect(finding?.to).toBeGreaterThan(before.length - 30)
    } finally {
      await carrying.stop()
      await ended(running)
      bucket.close()
      await s3.stop()
    }
  })

  test('that another server made is not here, and is said to be there; nobody is noted as having seen it', async () => {
    const { session, recording } = await recorded()
    await world.sql("insert into node_part (node, part, name, version) values ('nod_dddddddddd', 'gateway', 'other-server', '1')")
    await world.sql("update session set node = 'nod_dddddddddd' where id = $1", [session])
    const file = join(recordings, `${recording}.clvr`)
    renameSync(file, `${file}.away`)
    expect(await viewed(session)).toMatchObject({ ok: false, error: { code: 'session.recording_elsewhere', node: 'other-server' } })
    renameSync(`${file}.away`, file)
    await verdictOf(await viewed(session))
  })

  test('is not shown when its manifest was not signed by the keeper', async () => {
    const { session, recording } = await recorded()
    const [{ id, bytes }] = (await world.sql(
      `select id, bytes from ledger_entry where position($1::bytea in bytes) > 0 order by place desc limit 1`,
      [Buffer.from(`"recording":"${recording}","manifest"`)],
    )) as [{ id: string; bytes: Buffer }]
    await world.sql('alter table ledger_entry disable trigger user')
    await world.sql('update ledger_entry set bytes = $2 where id = $1', [
      id,
      Buffer.from(bytes.toString().replace('\\"chunks\\":', '\\"chunks\\":1')),
    ])
    expect(await viewed(session)).toMatchObject({ ok: false, error: { code: 'session.manifest_forged' } })
    await world.sql('update ledger_entry set bytes = $2 where id = $1', [id, bytes])
    await world.sql('alter table ledger_entry enable trigger user')
    await verdictOf(await viewed(session))
  })

  test('is closed again where the ledger does not take it that somebody views or saves it, and when a client leaves before its first byte', async () => {
    const { session, path } = await recorded()
    const held = () => {
      const links = readdirSync('/proc/self/fd').map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`)
        } catch {
          return ''
        }
      })
      return links.filter((link) => link === path).length
    }
    const audit: World['audit'] = { ...world.audit, note: async () => Promise.reject(new NotSequenced('not in time')) }
    const saving = (by: World['audit']) =>
      saveRecording({ db: world.db, keeper: world.keeper, audit: by, recordings }, session, { person: world.dave.id })
    await expect(viewed(session, undefined, audit)).rejects.toThrow(NotSequenced)
    await expect(saving(audit)).rejects.toThrow(NotSequenced)
    expect(held()).toBe(0)
    const { body } = must(await saving(world.audit))
    expect(held()).toBe(1)
    body.destroy()
    await vi.waitFor(() => expect(held()).toBe(0))
  })

  test('finds what the ledger says of it among many entries of others, and reads no more than that', async () => {
    const { recording } = await recorded()
    const others = Array.from({ length: 4_000 }, (_, n) => ({
      event: { act: 'recording.head', fields: { recording: `rec_${String(n).padStart(10, '0')}`, chunks: n, head: 'x' }, personal: {} },
      by: null,
    }))
    await deps.audit.noteMany(others)
    await world.index.catchUp()
    // as the database does by itself after a while
    await world.sql('vacuum analyze ledger_index, ledger_entry')
    const { rows, evidence } = await world.db.transaction().execute(async (tx) => {
      const readSoFar = async () => {
        const { rows } = await sql<{ rows: string }>`select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) as rows
          from pg_stat_xact_user_tables where relname in ('ledger_entry', 'ledger_index')`.execute(tx)
        return Number(rows[0]?.rows)
      }
      const before = await readSoFar()
      const evidence = await evidenceOf({ db: tx, index: { catchUp: async () => undefined } }, recording)
      return { rows: (await readSoFar()) - before, evidence }
    })
    expect(evidence.ended?.manifest).toContain(recording)
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThan(20)
  })
})

describe('after a crash', () => {
  test('what was left open is closed as interrupted, each intent with its outcome, and what was recorded is kept', async () => {
    const live = must(await open())
    live.recorder.output(Buffer.from('what was seen\r\n'))
    const { recording_id: recording } = await newest()
    // the process dies here; another one starts
    expect(await recoverSessions(deps, 'nod_aaaaaaaaaa')).toBeGreaterThanOrEqual(1)
    expect(await rowOf(live.id)).toEqual({ state: 'interrupted', end_reason: 'interrupted' })
    const said = await about(live.id)
    expect(said.at(-1)).toMatchObject({ act: 'session.interrupted', phase: 'outcome', intent: said[0]?.id, fields: { verified: true } })
    expect(existsSync(join(recordings, `${recording}.clvr`))).toBe(true)
    expect(await recoverSessions(deps, 'nod_aaaaaaaaaa')).toBe(0)
    await ended(live)
  })

  test('what another node carries is left alone, until nothing was heard of that node for long', async () => {
    const live = must(await open())
    await world.sql("update session set node = 'nod_bbbbbbbbbb' where id = $1", [live.id])
    expect(await recoverSessions(deps, 'nod_aaaaaaaaaa')).toBe(0)
    expect(await recoverSessionsOf(deps, ['nod_cccccccccc'])).toBe(0)
    expect(await rowOf(live.id)).toMatchObject({ state: 'running' })
    // its recording is on that node's disk: what it wrote last stays
    const elsewhere = { ...deps, recordings: join(recordings, 'of-this-node') }
    expect(await Promise.all([1, 2].map(() => recoverSessionsOf(elsewhere, ['nod_bbbbbbbbbb'])))).toContain(1)
    expect(await rowOf(live.id)).toMatchObject({ state: 'interrupted' })
    const interruptions = (await about(live.id)).filter((e) => e.act === 'session.interrupted')
    expect(interruptions).toMatchObject([{ fields: { verified: false, head: expect.stringMatching(/^[0-9a-f]{64}$/) } }])
    await ended(live)
  })
})

describe('rules of production', () => {
  const rulesIn = async (session: string) =>
    (await about(session)).filter((e) => e.act === 'alarm.session_rule' || e.act === 'session.opaque').map((e) => e.fields.rule ?? 'opaque')

  test('see the command that a session begins with, and say nothing of its text', async () => {
    const live = must(await open(host, { kind: 'exec', command: 'sudo rm -rf /srv/planted-name && psql shop' }))
    await ended(live)
    expect(await rulesIn(live.id)).toEqual(['recursive_delete', 'opaque'])
    expect(JSON.stringify(await about(live.id))).not.toContain('planted-name')
  })

  test('see what is typed, once its echo proves it, at the second at which Enter was pressed', async () => {
    const live = must(await open())
    live.recorder.output(Buffer.from('$ '))
    live.recorder.input(Buffer.from('history -c'))
    live.recorder.output(Buffer.from('history -c'))
    live.recorder.input(Buffer.from('\r'))
    live.recorder.output(Buffer.from('\r\n$ '))
    // nobody sees what the target does not show: it may be a password
    live.recorder.input(Buffer.from('rm -rf x\r'))
    live.recorder.output(Buffer.from('\r\n$ '))
    await ended(live)
    expect(await rulesIn(live.id)).toEqual(['history_wiped'])
  })

  test('say the same twenty times in a session, and then no more', async () => {
    const live = must(await open(host, { kind: 'shell' }))
    const drop = { via: 'simple', sql: 'drop table t', parameters: [], unsureEncoding: false, escaped: false } as const
    for (let n = 1; n <= 30; n++) live.recorder.statementStarted({ n, ...drop })
    await ended(live)
    const said = (await about(live.id)).filter((e) => e.act === 'alarm.session_rule').map((e) => e.fields)
    expect(said).toHaveLength(20)
    expect(said.at(-1)).toMatchObject({ rule: 'drop', n: 20, more: true })
    expect(said.at(0)).toMatchObject({ rule: 'drop', n: 1, more: false })
  })
})

describe('a transfer of files', () => {
  const files = { kind: 'files' as const }
  const act = (n: number, more: Partial<FileAct>): FileAct => ({
    ...{ n, op: 'get', path: '/etc/shadow', to: null, from: 0, bytes: null, sha256: null, outcome: 'open', message: null },
    ...more,
  })
  const openFiles = async (by: Host = host) => must(await by.open(alice, { id: grant.id as never, remainingMs: 3_600_000 }, files))

  test('leaves an entry for each file that ended, before the outcome of the session; what was only looked at is in the recording alone', async () => {
    const live = await openFiles()
    const hash = 'ab'.repeat(32)
    live.recorder.file(act(1, { op: 'list', path: '/etc' }))
    live.recorder.file(act(1, { op: 'list', path: '/etc', outcome: 'ok' }))
    live.recorder.file(act(2, {}))
    live.recorder.file(act(2, { bytes: 1200, sha256: hash, outcome: 'ok' }))
    live.recorder.file(act(3, { op: 'rename', path: '/tmp/a', to: '/tmp/b' }))
    live.recorder.file(act(3, { op: 'rename', path: '/tmp/a', to: '/tmp/b', outcome: 'failed', message: 'Permission denied' }))
    live.recorder.file(act(4, { op: 'put', path: '/tmp/c' }))
    live.recorder.file(act(4, { op: 'put', path: '/tmp/c', bytes: 7, outcome: 'cut' }))
    await ended(live)
    const said = await about(live.id)
    const [opening] = said
    // two queues, each in its order: the shadow file was taken
    expect(said.filter((e) => e.act === 'alarm.session_rule')).toMatchObject([
      { phase: 'alarm', intent: opening?.id, by: alice.person, fields: { rule: 'secrets_taken', n: 2, more: false, tells: ['security'] } },
    ])
    const acts = said.map((e) => e.act).filter((a) => a !== 'alarm.session_rule')
    expect(acts).toEqual(['session.opening', 'session.opened', ...Array(3).fill('session.file'), 'session.ended'])
    expect(said.filter((e) => e.act === 'session.file')).toMatchObject([
      { intent: opening?.id, by: alice.person, fields: { n: 2, op: 'get', bytes: 1200, sha256: hash, outcome: 'ok' } },
      { intent: opening?.id, fields: { n: 3, op: 'rename', bytes: null, sha256: null, outcome: 'failed' } },
      { intent: opening?.id, fields: { n: 4, op: 'put', bytes: 7, outcome: 'cut' } },
    ])
    // paths may name people: they are in the entry as what can be erased
    expect(JSON.stringify(said)).not.toContain('/etc/shadow')

    const { reader } = must(await viewed(live.id))
    const shown = await showFiles(reader, { after: 1, limit: 2 })
    // what the API promises, and nothing else
    expect(api.sessionFiles.answer.safeParse(shown).error).toBeUndefined()
    expect(shown.files).toMatchObject([
      { n: 2, op: 'get', path: '/etc/shadow', bytes: 1200, sha256: hash, outcome: 'ok', message: null },
      { n: 3, op: 'rename', path: '/tmp/a', to: '/tmp/b', outcome: 'failed', message: 'Permission denied' },
    ])
  })

  test('is held back while too many of its entries wait for the database, and loses none', async () => {
    const gate = Promise.withResolvers<void>()
    const { audit } = deps
    const slow = {
      ...audit,
      noteLater: async (...args: Parameters<typeof audit.noteLater>) => {
        if (args[0].act === 'session.file') await gate.promise
        return await audit.noteLater(...args)
      },
    }
    const live = await openFiles(without({ audit: slow }))
    for (let n = 1; n <= 300; n++) live.recorder.file(act(n, { op: 'remove', path: `/tmp/${n}`, outcome: 'ok' }))
    const held = live.recorder.pressure()
    expect(held).toBeDefined()
    gate.resolve()
    await held
    await ended(live)
    const numbers = (await about(live.id)).filter((e) => e.act === 'session.file').map((e) => e.fields.n)
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, at) => at + 1))
  })
})

describe('connections that a session carries', () => {
  const forward = { kind: 'forward' } as const
  const to = { direction: 'local', host: '10.1.2.3', port: 5432, from: '127.0.0.1:5000' } as const

  /** The same person on a host of a laboratory, where the shipped policies permit it. */
  async function inLab(): Promise<LiveSession> {
    const { accounts, target } = await lab()
    const [account] = accounts
    const { grant: given } = await granted(world, world.alice, account as Row, world.bob, target)
    const { presence } = await world.present(world.alice)
    const admitted = { ...alice, presence, attempt: { ...alice.attempt, target: 'lab01' } }
    return must(await host.open(admitted, { id: given.id as never, remainingMs: 3_600_000 }, forward))
  }
  let made: Promise<{ accounts: Row[]; target: Row }> | undefined
  const lab = () => {
    made ??= (async () => {
      const target = world.target('lab01', { environment: 'lab', tier: 2 })
      const accounts = (await world.added(target, 'deploy')) as Row[]
      const of = { account: String(accounts[0]?.id), credential: 'password', public: null } as const
      must(await world.keeper.ask('storeCredential', of, Secret.fromText(password)))
      return { accounts, target }
    })()
    return made
  }

  test('are in the ledger before they are made, and what came of them after it', async () => {
    const live = await inLab()
    const told = must(await live.forward(to))
    const begun = (await about(live.id)).find((e) => e.act === 'session.forwarding')
    expect(begun).toMatchObject({ phase: 'intent', fields: { n: 1, direction: 'local', port: 5432 } })
    told({ outcome: 'closed', sent: 10, received: 20 })
    told({ outcome: 'failed', sent: 0, received: 0 })
    await ended(live)
    const over = (await about(live.id)).filter((e) => e.act === 'session.forwarded')
    expect(over).toMatchObject([{ phase: 'outcome', intent: begun?.id, fields: { n: 1, sent: 10, received: 20, outcome: 'closed' } }])
    expect(await showForwards(world.db, live.id, { after: 0, limit: 10 })).toMatchObject({
      forwards: [{ ...to, n: 1, sent: 10, received: 20, outcome: 'closed' }],
      next: null,
    })
  })

  test('are refused in production, which the ledger knows, and nothing else of them', async () => {
    const live = must(await open(host, forward))
    expect(await live.forward(to)).toMatchObject({
      ok: false,
      error: { code: 'session.act_refused', say: expect.stringContaining('10.1.2.3:5432') },
    })
    await ended(live)
    const said = await about(live.id)
    expect(said.find((e) => e.act === 'session.act_refused')).toMatchObject({ phase: 'refused', fields: { action: 'forward' } })
    expect(said.filter((e) => e.act.startsWith('session.forward'))).toEqual([])
    expect((await showForwards(world.db, live.id, { after: 0, limit: 10 })).forwards).toEqual([])
  })
})

describe('files of a session', () => {
  const files = { kind: 'files' } as const
  const policy = async (name: string, text: string) => {
    const row = { id: newId('pol'), name, text, state: 'active', created_at: world.clock.now() }
    must(await world.write([{ kind: 'policy', revision: 1, row }], world.setup))
  }

  test('are asked about by path, direction and size where a policy looks at them, and only there', async () => {
    const before = must(await open(host, files))
    expect(before.judgeFile).toBeUndefined()
    await ended(before)

    await policy(
      'small-uploads',
      `@floor("Only files below /srv/in are put here, at most 1 kB. Ask an administrator.")
forbid (principal, action == Action::"transfer", resource)
unless { context.direction == "up" && context.path like "/srv/in/*" && context.bytes <= 1000 };`,
    )
    const asked: string[] = []
    const live = must(await open(without({ keeper: listening(asked) }), files))
    const judge = live.judgeFile
    if (!judge) throw new Error('policy has something to say')
    expect(await judge({ op: 'put', path: '/srv/in/x', bytes: 0 })).toEqual({ ok: true, value: { until: 1000 } })
    expect(await judge({ op: 'put', path: '/srv/in/x', bytes: 1000 })).toEqual({ ok: true, value: { until: 1001 } })
    const no = { ok: false, error: { code: 'session.act_refused', say: expect.stringContaining('/srv/in') } }
    expect(await judge({ op: 'put', path: '/srv/in/x', bytes: 1001 })).toMatchObject(no)
    expect(await judge({ op: 'put', path: '/srv/inner', bytes: 0 })).toMatchObject(no)
    expect(await judge({ op: 'get', path: '/srv/in/x', bytes: 0 })).toMatchObject(no)
    // only to know: nothing happens, and nothing is written down
    expect(await judge({ op: 'get', path: '/srv/in/y', bytes: 0 }, { only: true })).toMatchObject({ ok: false })
    // no policy could recognise it, and so none is asked
    const times = asked.length
    expect(await judge({ op: 'put', path: undefined, bytes: 0 })).toMatchObject({
      ok: false,
      error: { say: expect.stringContaining('whole') },
    })
    expect(asked.slice(times).filter((operation) => operation === 'judge')).toEqual([])
    await ended(live)
    const refused = (await about(live.id)).filter((e) => e.act === 'session.act_refused')
    expect(refused.map((e) => [e.phase, e.fields.action, e.fields.because])).toEqual([
      ...Array.from({ length: 3 }, () => ['refused', 'transfer', 'small-uploads']),
      ['refused', 'transfer', ''],
    ])
    // the same by a command of which nobody could see its files
    const hidden = await open(host, { kind: 'exec', command: "scp -f '/etc/sh'*" })
    expect(hidden).toMatchObject({ ok: false, error: { code: 'session.act_refused', say: expect.stringContaining('cannot be seen') } })
  })

  test('are refused where the keeper does not answer', async () => {
    await policy(
      'no-files',
      `@floor("No files pass here, ask an administrator.") forbid (principal, action == Action::"transfer", resource);`,
    )
    let away = false
    const keeper = listening([], (operation) => {
      if (away && operation === 'judge') throw new Error('the keeper is away')
    })
    const live = must(await open(without({ keeper }), files))
    away = true
    expect(await live.judgeFile?.({ op: 'get', path: '/x', bytes: 0 })).toMatchObject({ ok: false, error: { code: 'session.not_judged' } })
    away = false
    expect(await live.judgeFile?.({ op: 'get', path: '/x', bytes: 0 })).toMatchObject({
      ok: false,
      error: { say: expect.stringContaining('No files') },
    })
    await ended(live)
  })
})

describe('statements of a session', () => {
  test('are asked about by what they do and to which tables where a policy looks at them, and only there', async () => {
    const target = world.target('orders', { kind: 'postgres', environment: 'lab', tier: 2 })
    const [account] = (await world.added(target, 'clerk')) as Row[]
    const of = { account: String(account?.id), credential: 'password', public: null } as const
    must(await world.keeper.ask('storeCredential', of, Secret.fromText(password)))
    const begin = async (by: Host) => {
      const { grant: given } = await granted(world, world.alice, account as Row, world.bob, target)
      const { presence } = await world.present(world.alice)
      const attempt = { ...alice.attempt, door: 'postgres' as const, account: 'clerk', target: 'orders' }
      return must(
        await by.open(
          { ...alice, presence, attempt },
          { id: given.id as never, remainingMs: 3_600_000 },
          { kind: 'sql', database: 'shop' },
        ),
      )
    }
    const before = await begin(host)
    expect(before.judgeQuery).toBeUndefined()
    await ended(before)

    const text = `@floor("Here is read alone, and no salaries. Ask an administrator.")
forbid (principal, action == Action::"query", resource in Kind::"postgres")
unless { ["select", "transaction"].containsAll(context.verbs) && !context.tables.contains("salaries") && context.database == "shop" };`
    const row = { id: newId('pol'), name: 'read-alone', text, state: 'active', created_at: world.clock.now() }
    must(await world.write([{ kind: 'policy', revision: 1, row }], world.setup))
    const live = await begin(host)
    const judge = async (sql: string, sure = true) => (await live.judgeQuery?.({ dialect: 'postgres', sql, sure }))?.ok
    for (const sql of ['select 1', 'begin; select * from orders; commit', '-- nothing'])
      expect([sql, await judge(sql)]).toEqual([sql, true])
    const refused = [
      'drop table orders',
      'select 1; delete from orders',
      'with gone as (delete from orders returning *) select * from gone',
      'select * from hr.salaries',
      'do $$ begin delete from orders; end $$',
      'selec 1',
    ]
    for (const sql of refused) expect([sql, await judge(sql)]).toEqual([sql, false])
    // in an encoding or with settings that may be others by now
    expect(await judge('select 1', false)).toBe(false)
    await ended(live)
    const said = (await about(live.id)).filter((e) => e.act === 'session.act_refused')
    expect(said.map((e) => [e.fields.action, e.fields.because])).toEqual([
      ...Array.from({ length: 4 }, () => ['query', 'read-alone']),
      ...Array.from({ length: 3 }, () => ['query', '']),
    ])
  })
})

// last: it holds every later command to one program
test('a command that policy does not let run is refused before any credential is released, and the ledger says by which policy', async () => {
  const asked: string[] = []
  const text = `@floor("Only uptime is run here without a terminal. Ask for a shell.")
forbid (principal, action == Action::"run", resource) unless { context.plain && context.program == "uptime" };`
  const row = { id: newId('pol'), name: 'only-uptime', text, state: 'active', created_at: world.clock.now() }
  must(await world.write([{ kind: 'policy', revision: 1, row }], world.setup))
  const refused = await open(without({ keeper: listening(asked) }), { kind: 'exec', command: 'uptime; bash' })
  expect(refused).toMatchObject({ ok: false, error: { code: 'session.act_refused', say: expect.stringContaining('Only uptime') } })
  expect(asked).toContain('judge')
  expect(asked).not.toContain('release')
  const { id } = await newest()
  expect((await about(id)).find((e) => e.act === 'session.act_refused')).toMatchObject({
    fields: { action: 'run', because: 'only-uptime' },
  })
  await ended(must(await open(host, { kind: 'exec', command: 'uptime' })))
})
