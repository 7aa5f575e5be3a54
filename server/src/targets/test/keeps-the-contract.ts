import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDialer } from '../../platform/dialer/index.ts'
import type { Credential, CredentialKind, Login, OpenTarget, PinnedIdentity } from '../contract.ts'
import { actsOf, discovered } from './acts.ts'
import type { KindHarness, Known, RunningTarget } from './harness.ts'
import { openRoad, type Road } from './road.ts'

/** Where a change is cut off, as parts of all that goes over the wire in one. */
const cuts = [
  ['sent', 0.5],
  ['sent', 0.95],
  ['answered', 0],
  ['answered', 0.6],
  ['answered', 0.9],
  ['answered', 1],
] as const

/**
 * What every kind of target promises, shown on a real server of it. A kind's own tests show what only it does; these are the
 * promises on which rotation, discovery and the vault are built.
 */
export function keepsTheContract({ kind, start }: KindHarness): void {
  const dial = createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true })
  let server: RunningTarget
  let road: Road
  /** Over the road, which a test may break; and past it. */
  let target: OpenTarget
  let direct: OpenTarget
  let identity: PinnedIdentity
  const used: Buffer[] = []
  let count = 0

  const open = (more: Record<string, unknown>): OpenTarget => {
    const opened = kind.open({ ...server.settings, ...more }, dial)
    if (!opened.ok) throw new Error(JSON.stringify(opened.error))
    return opened.value
  }
  const remember = async (known: Known): Promise<Known> => {
    await known().secret.use('recognise', (bytes) => void used.push(Buffer.from(bytes)))
    return known
  }
  const fresh = (): Promise<Known> => remember(server.fresh())
  /** An account of its own for a test. */
  const added = async (): Promise<{ name: string; old: Known }> => {
    const name = `acct${++count}x${Date.now().toString(36)}`
    const old = await fresh()
    await server.addAccount(name, old())
    return { name, old }
  }
  const login = (account: string, known: Known): Login<CredentialKind> => ({ account, credential: known() })
  const works = async (account: string, known: Known): Promise<boolean> => (await direct.verify(identity, login(account, known))).ok
  const rotate = (account: string, next: Credential, over = target, as = server.manager()) => {
    if (!over.rotate) throw new Error(`${kind.name} cannot rotate`)
    return over.rotate(identity, as, account, next)
  }
  /** What an act answered; nothing where it had nothing to do and said nothing: `closeOthers` may know that without asking. */
  const answerOf = async <T extends { ok: boolean; value?: unknown }>(run: () => Promise<T>): Promise<T | undefined> => {
    const before = road.sent
    const answer = await run()
    return answer.ok && Array.isArray(answer.value) && answer.value.length === 0 && road.sent === before ? undefined : answer
  }
  const refusal = (code: string | RegExp) => ({ ok: false, error: { code: expect.stringMatching(code) } })

  beforeAll(async () => {
    server = await start()
    identity = server.identity
    road = await openRoad(server.settings.port)
    direct = open({})
    target = open({ port: road.port })
  })
  afterAll(async () => {
    await road?.close()
    await server?.stop()
  })
  beforeEach(() => road.mend())

  describe('who it is', () => {
    test('is what it says to somebody who shows nothing', async () => {
      expect(await target.identify()).toEqual({ ok: true, value: identity })
    })

    test('is asked before anything leaves: with another identity pinned, every act is refused and nothing changes', async () => {
      const { name, old } = await added()
      const next = await fresh()
      const acts = actsOf({ target, identity: server.wrongIdentity, as: server.manager(), account: name, next: next() })
      for (const [act, run] of Object.entries(acts)) {
        const answer = await answerOf(run)
        if (answer) expect(answer, act).toMatchObject(refusal('target.impostor'))
      }
      expect(await works(name, old)).toBe(true)
      expect(await works(name, next)).toBe(false)
    })

    test('must be pinned: without an identity every act is refused', async () => {
      const { name, old } = await added()
      const acts = actsOf({ target, identity: {}, as: server.manager(), account: name, next: (await fresh())() })
      for (const [act, run] of Object.entries(acts)) {
        const answer = await answerOf(run)
        if (answer) expect(answer, act).toMatchObject({ ok: false })
      }
      expect(await works(name, old)).toBe(true)
    })

    test('is proven by no impostor: each hears no credential, and proves none', async () => {
      expect(server.impostors.length).toBeGreaterThan(0)
      for (const impostor of server.impostors) {
        const [old, next] = [await fresh(), await fresh()]
        const fake = await impostor.start()
        try {
          const over = open({ port: fake.port })
          const as = login('somebody', old)
          const acts = actsOf({ target: over, identity, as, account: 'another', next: next() })
          // all at once: one that says nothing lets each of them wait as long as they may
          const answers = await Promise.all(Object.entries(acts).map(async ([act, run]) => ({ act, answer: await answerOf(run) })))
          for (const { act, answer } of answers) {
            if (!answer) continue
            expect(answer, `${act} at an impostor that ${impostor.what}`).toMatchObject({ ok: false })
            expect(['target.impostor', 'target.protocol', 'target.timeout']).toContain(answer.ok ? '' : answer.error.code)
          }
          for (const known of [old, next])
            await known().secret.use('recognise', (bytes) => expect(fake.heard().includes(Buffer.from(bytes)), impostor.what).toBe(false))
        } finally {
          await fake.stop()
        }
      }
    })
  })

  describe('discovery', () => {
    test('lists the privileged accounts, each with a reason and with what opens it', async () => {
      const { name, old } = await added()
      const found = await discovered(target, identity, server.manager())
      expect(found).toMatchObject({ ok: true })
      const mine = found.value?.find((account) => account.name === name)
      expect(mine).toMatchObject({ canLogIn: true, credentials: expect.arrayContaining([old().kind]) })
      for (const account of found.value ?? []) expect(account.privileges.length, account.name).toBeGreaterThan(0)
    })

    test('tells a refused login from a target that is not there', async () => {
      const wrong = { ...server.manager(), credential: (await fresh())() }
      expect(await discovered(target, identity, wrong)).toMatchObject(refusal('target.login_refused'))
      await road.close()
      expect(await discovered(target, identity, server.manager())).toMatchObject(refusal('target.unreachable'))
    })
  })

  describe('verification', () => {
    test('says yes to what works and no to what does not, and leaves the credential to its owner', async () => {
      const { name, old } = await added()
      const as = login(name, old)
      expect(await target.verify(identity, as)).toEqual({ ok: true, value: undefined })
      expect(await target.verify(identity, as)).toEqual({ ok: true, value: undefined })
      expect(await target.verify(identity, login(name, await fresh()))).toEqual({
        ok: false,
        error: { code: 'target.login_refused', account: name },
      })
    })

    test('takes a target that cannot be reached, or says nothing, for no word about the credential', async () => {
      const { name, old } = await added()
      road.silence()
      expect(await target.verify(identity, login(name, old))).toMatchObject(refusal(/^target\.(timeout|unreachable|protocol)$/))
      await road.close()
      expect(await target.verify(identity, login(name, old))).toMatchObject(refusal('target.unreachable'))
    })
  })

  describe('rotation', () => {
    test('sets what works from then on; the old one is refused, or it says until when it is not', async () => {
      const { name, old } = await added()
      const next = await fresh()
      const changed = await rotate(name, next())
      expect(changed).toMatchObject({ ok: true })
      expect(await works(name, next)).toBe(true)
      const removed = await target.closeOthers?.(identity, server.manager(), name, next())
      expect(removed?.ok ?? true).toBe(true)
      if (changed.ok && changed.value.oldValidUntil) expect(changed.value.oldValidUntil.getTime()).toBeGreaterThan(Date.now())
      else expect(await works(name, old)).toBe(false)
    })

    test('may be asked again with the same candidate', async () => {
      const { name } = await added()
      const next = await fresh()
      for (let time = 0; time < 2; time++) expect(await rotate(name, next())).toMatchObject({ ok: true })
      expect(await works(name, next)).toBe(true)
    })

    test('is refused to the wrong administrator, and changes nothing', async () => {
      const { name, old } = await added()
      const next = await fresh()
      const stranger = { ...server.manager(), credential: (await fresh())() }
      expect(await rotate(name, next(), target, stranger)).toMatchObject(refusal('target.login_refused'))
      expect(await rotate(name, next(), target, server.powerless())).toMatchObject(refusal('target.not_permitted'))
      expect(await works(name, next)).toBe(false)
      expect(await works(name, old)).toBe(true)
    })

    test('says that an account is gone', async () => {
      const { name, old } = await added()
      await server.removeAccount(name)
      expect(await rotate(name, (await fresh())())).toMatchObject(refusal('target.account_gone'))
      expect(await direct.verify(identity, login(name, old))).toMatchObject(refusal('target.login_refused'))
    })

    test("tells that the target's own policy refuses the candidate, and the old one still works", async () => {
      const { name, old } = await added()
      const refused = await server.refused?.()
      if (!refused) return
      const over = open(refused.settings ?? {})
      const answer = await rotate(name, refused.next, over)
      await refused.end?.()
      expect(answer).toMatchObject(refusal(/^target\.(password|credential)_refused$/))
      expect(await works(name, old)).toBe(true)
    })

    test('goes through a slow network', async () => {
      const { name } = await added()
      const next = await fresh()
      road.slow(40)
      expect(await rotate(name, next())).toMatchObject({ ok: true })
      expect(await target.verify(identity, login(name, next))).toMatchObject({ ok: true })
    })

    test('of a target that is down does nothing; when it is up again the same candidate is set', async () => {
      const { name, old } = await added()
      const next = await fresh()
      await road.close()
      expect(await rotate(name, next())).toMatchObject(refusal('target.unreachable'))
      expect(await works(name, old)).toBe(true)
      await road.mend()
      expect(await rotate(name, next())).toMatchObject({ ok: true })
      expect(await works(name, next)).toBe(true)
    })

    test('cut off anywhere leaves the old one or the candidate working, and the same candidate is set when asked again', async () => {
      const { name, old } = await added()
      let current = old
      const first = await fresh()
      expect(await rotate(name, first())).toMatchObject({ ok: true })
      const whole = { sent: road.sent, answered: road.answered }
      current = first
      for (const [which, part] of cuts) {
        const next = await fresh()
        await road.mend()
        road.breakAfter(which, Math.min(Math.floor(whole[which] * part), whole[which] - 1))
        await rotate(name, next())
        expect((await works(name, next)) || (await works(name, current)), `cut after ${part} of what is ${which}`).toBe(true)
        await road.mend()
        expect(await rotate(name, next()), `after a cut at ${part} of what is ${which}`).toMatchObject({ ok: true })
        expect(await works(name, next)).toBe(true)
        current = next
      }
    })

    test('outlives a restart of the target', async () => {
      if (!server.restart) return
      const { name, old } = await added()
      const next = await fresh()
      expect(await rotate(name, next())).toMatchObject({ ok: true })
      await server.restart()
      expect(await works(name, next)).toBe(true)
      if (!target.closeOthers) expect(await works(name, old)).toBe(false)
    })
  })

  describe('an account that is locked there', () => {
    test('opens to nobody, and to the same credential once it is unlocked', async () => {
      if (!server.lock || !server.unlock) return
      const { name, old } = await added()
      await server.lock(name)
      expect(await direct.verify(identity, login(name, old))).toMatchObject(refusal(/^target\.(account_locked|login_refused)$/))
      await server.unlock(name)
      expect(await works(name, old)).toBe(true)
    })
  })

  describe('the life of an account', () => {
    test('each act twice is as good as once', async () => {
      const life = direct.lifecycle
      if (!life) return
      const as = server.manager()
      const name = `life${++count}x${Date.now().toString(36)}`
      const first = await fresh()
      const twice = async (what: string, act: (() => Promise<{ ok: boolean }>) | undefined): Promise<void> => {
        for (let time = 0; act && time < 2; time++) expect(await act(), `${what}, time ${time + 1}`).toEqual({ ok: true, value: undefined })
      }
      if (life.create) {
        await twice('create', () => life.create?.(identity, as, name, first()) as never)
        expect(await works(name, first)).toBe(true)
      } else await server.addAccount(name, first())
      if (life.disable && life.enable) {
        await twice('disable', () => life.disable?.(identity, as, name) as never)
        expect(await works(name, first)).toBe(false)
        await twice('enable', () => life.enable?.(identity, as, name) as never)
        expect(await works(name, first)).toBe(true)
      }
      if (life.closeSessions && server.openSession) {
        const session = await server.openSession(login(name, first))
        await twice('closeSessions', () => life.closeSessions?.(identity, as, name) as never)
        await session.ended
        expect(await works(name, first)).toBe(true)
      }
      if (life.remove) {
        await twice('remove', () => life.remove?.(identity, as, name) as never)
        expect(await works(name, first)).toBe(false)
      }
    })

    test('is refused to the wrong administrator, and says when the account is gone', async () => {
      const life = direct.lifecycle
      if (!life) return
      const { name, old } = await added()
      for (const act of ['disable', 'remove'] as const)
        if (life[act]) expect(await life[act](identity, server.powerless(), name), act).toMatchObject(refusal('target.not_permitted'))
      expect(await works(name, old)).toBe(true)
      await server.removeAccount(name)
      for (const act of ['disable', 'enable'] as const)
        if (life[act]) expect(await life[act](identity, server.manager(), name), act).toMatchObject(refusal('target.account_gone'))
    })
  })

  test('nothing that was secret here is in its logs', () => {
    const logs = Buffer.from(server.logs?.() ?? '')
    for (const secret of used) {
      expect(logs.includes(secret)).toBe(false)
      expect(logs.includes(Buffer.from(secret.toString('base64')))).toBe(false)
    }
  })
}
