import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import type { LiveSession } from '../../gateways/contract.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { usualSeats } from '../../keeper/contract.ts'
import { filed, vote } from '../../keeper/test/access.ts'
import type { Secret } from '../../kernel/secret.ts'
import { NotSequenced } from '../audit/index.ts'
import { must } from '../identity/test/house.ts'
import { recoverSessions, recoverSessionsOf, type SessionHostDeps } from './index.ts'
import { endSession } from './live/order-session.ts'
import { openSessions, password } from './test/session-world.ts'

const sessions = await openSessions()
const { world, deps, host, recordings, entries, open, ended, without, listening, about, rowOf, newest, viewed } = sessions
afterAll(sessions.close)
beforeEach(sessions.granted)

/** Until the end of the test; whatever earlier ones left open is over. */
async function bounded(seats: Partial<typeof usualSeats>): Promise<void> {
  await recoverSessions(deps, 'nod_aaaaaaaaaa')
  const { context } = world.inside
  const before = context.seats
  context.seats = { ...before, ...seats }
  onTestFinished(() => {
    context.seats = before
  })
}

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

  test('that is one too many does not begin: nothing is made for it, and the ledger has the attempt', async () => {
    await bounded({ person: 1 })
    const live = must(await open())
    const asked: string[] = []
    const refused = async () => await open(without({ keeper: listening(asked) }))
    expect(await refused()).toMatchObject({
      ok: false,
      error: { code: 'session.too_many', say: expect.stringMatching(/^You have 1 session open/) },
    })
    expect(asked).not.toContain('createRecording')
    const attempts = async () => (await entries()).filter((e) => e.act === 'session.attempt' && e.fields.code === 'session.too_many')
    await until('the attempt in the ledger', async () => (await attempts()).length === 1)
    expect(await attempts()).toMatchObject([
      { phase: 'refused', by: sessions.alice().person, fields: { account: 'deploy', target: 'web01' } },
    ])
    // its process died, and the next one starts
    await recoverSessions(deps, 'nod_aaaaaaaaaa')
    await ended(must(await open()))
    await ended(live)
  })

  test('that came in the same moment as another for the last place is taken back', async () => {
    await bounded({ account: 1 })
    const [one, two] = [without({}), without({})]
    const both = await Promise.all([open(one), open(two)])
    expect(both.filter((o) => o.ok)).toHaveLength(1)
    expect(both.find((o) => !o.ok)).toMatchObject({ error: { code: 'session.too_many' } })
    for (const opened of both) if (opened.ok) await ended(opened.value)
    expect((await world.sql("select id from session where state in ('opening', 'running')")).length).toBe(0)
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
    await expect.poll(newest).toMatchObject({ id: left.id, state: 'refused', end_reason: 'session.failed' })
    await expect.poll(async () => (await about(left.id)).map(({ act }) => act)).toContain('session.not_opened')
    const about_ = await about(left.id)
    const intent = about_.find(({ phase }) => phase === 'intent')
    expect(about_.filter(({ intent: of }) => of === intent?.id).map(({ phase }) => phase)).toEqual(['outcome'])
  })

  test('is cut when its grant ends, and when an officer ends it, and only that one', async () => {
    const [one, two] = [must(await open()), must(await open())]
    const cut: string[] = []
    one.onCut((reason) => cut.push(`one ${reason}`))
    two.onCut((reason) => cut.push(`two ${reason}`))
    host.accessChanged(sessions.grant())
    host.endOrdered('ses_aaaaaaaaaa')
    host.endOrdered(one.id)
    const officer = { person: world.carol.id, ...(await world.present(world.carol)) }
    must(await endSession({ db: world.db, audit: world.audit, keeper: world.keeper, now: world.clock.now }, one.id, 'enough', officer))
    host.endOrdered(two.id)
    host.endOrdered(one.id)
    await expect.poll(() => cut).toEqual(['one ended_by_officer'])
    const row = await world.vouched('access_grant', sessions.grant())
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
    const row = await world.vouched('access_grant', sessions.grant())
    const until = (seconds: number) => new Date(Date.parse(String(row.ends_at)) + seconds * 1000)

    await world.sql('alter table access_grant disable trigger user')
    await world.sql('update access_grant set ends_at = $2 where id = $1', [sessions.grant(), until(7200)])
    host.accessChanged(sessions.grant())
    const forged = async () => (await entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === sessions.grant())
    await expect.poll(forged).toBe(true)
    expect(later).toEqual([])
    await world.sql('update access_grant set ends_at = $2 where id = $1', [sessions.grant(), until(0)])
    await world.sql('alter table access_grant enable trigger user')

    const more = await filed(world, world.alice, world.deploy, world.web01, { seconds: 600, extends_grant: sessions.grant() })
    const vote_ = { kind: 'approval', revision: 1, row: vote(world, more, world.bob) } as const
    const approved = { kind: 'access_request', revision: 2, row: { ...more, state: 'approved' } } as const
    const longer = { kind: 'access_grant', revision: 2, row: { ...row, ends_at: until(600) } } as const
    must(await world.write([vote_, approved, longer], world.stepUp(world.bob)))
    host.accessChanged(sessions.grant())
    await expect.poll(() => later.length).toBe(1)
    expect(later[0]).toBeGreaterThan(before)
    expect(live.remainingMs).toBeLessThanOrEqual(before + 600_000)
    await ended(live)
  })

  /** What an attacker with the database writes of a grant, without anybody being told. */
  const overwritten = async (columns: string, ...values: unknown[]) => {
    await world.sql('alter table access_grant disable trigger user')
    await world.sql(`update access_grant set ${columns} where id = $1`, [sessions.grant(), ...values])
    await world.sql('alter table access_grant enable trigger user')
  }
  const forgedGrant = async () => (await entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === sessions.grant())

  test('does not end because a row says that its grant did', async () => {
    const live = must(await open())
    const cut: string[] = []
    live.onCut((reason) => cut.push(reason))
    // as the gateway does every few seconds
    must(await world.gateway.ask('grantsNow', { grants: [sessions.grant()] }))
    await overwritten(`state = 'ended', ended_at = clock_timestamp()`)
    host.accessChanged(sessions.grant())
    await expect.poll(forgedGrant).toBe(true)
    const row = await world.sql('select state from access_grant where id = $1', [sessions.grant()])
    expect([row, cut]).toEqual([[{ state: 'ended' }], []])
    await overwritten(`state = 'active', ended_at = null`)
    const real = await world.vouched('access_grant', sessions.grant())
    must(await world.write([{ kind: 'access_grant', revision: 2, row: { ...real, state: 'ended' } }], { by: 'system' }))
    host.accessChanged(sessions.grant())
    await expect.poll(() => cut).toEqual(['grant_ended'])
    await ended(live, 'grant_ended')
  })

  test('ends with its grant though the database keeps that to itself, or shows what was before', async () => {
    const [told, cut] = [[] as string[], [] as string[]]
    const kept = must(await open())
    kept.onCut((reason) => told.push(reason))
    const row = await world.vouched('access_grant', sessions.grant())
    must(await world.write([{ kind: 'access_grant', revision: 2, row: { ...row, state: 'ended' } }], { by: 'system' }))
    await expect.poll(() => told).toEqual(['grant_ended'])
    await ended(kept, 'grant_ended')

    await sessions.granted()
    const live = must(await open())
    live.onCut((reason) => cut.push(reason))
    const asItIs = async () =>
      (await world.sql('select state, ended_at, revision, mac from access_grant where id = $1', [sessions.grant()]))[0]
    const before = await asItIs()
    const other = await world.vouched('access_grant', sessions.grant())
    must(await world.write([{ kind: 'access_grant', revision: 2, row: { ...other, state: 'ended' } }], { by: 'system' }))
    const after = await asItIs()
    const back = (row: typeof before) =>
      overwritten('state = $2, ended_at = $3, revision = $4, mac = $5', row.state, row.ended_at, row.revision, row.mac)
    await back(before)
    await expect.poll(() => cut).toEqual(['grant_unattested'])
    await expect.poll(forgedGrant).toBe(true)
    await back(after)
    await ended(live, 'grant_unattested')
  })

  test('whose grant ends in the moment in which it is opened is cut', async () => {
    const row = await world.vouched('access_grant', sessions.grant())
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
    await expect.poll(() => cut).toEqual(['database_away'])
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
    await expect.poll(() => cut).toEqual(['spool_full'])
    expect(await open(by)).toMatchObject({ ok: false, error: { code: 'recording.spool_full' } })
    await ended(live, 'spool_full')
    full = false
    await ended(must(await open(by)))
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
