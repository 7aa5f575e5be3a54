import { setTimeout as delay } from 'node:timers/promises'
import { session as api } from '@claviger/api'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { FileAct } from '../../gateways/contract.ts'
import { granted } from '../../keeper/test/access.ts'
import type { Row } from '../../keeper/test/world.ts'
import type { PersonId } from '../../kernel/id.ts'
import { listen } from '../../platform/db/listen.ts'
import { must } from '../identity/test/house.ts'
import type { Host } from './index.ts'
import type { OpenList } from './lists/open-list.ts'
import { showFiles } from './lists/show-files.ts'
import { openSessions } from './test/session-world.ts'
import { OpenViews } from './views/open-views.ts'

const sessions = await openSessions()
const { world, deps, host, open, ended, without, listening, policy, about, recordings } = sessions
afterAll(sessions.close)
beforeEach(sessions.granted)

describe('a session that began where policy had nothing to say of what is done in it', () => {
  const lab = async (name: string, kind: 'files' | 'sql') => {
    const target = world.target(name, { environment: 'lab', tier: 2, ...(kind === 'sql' && { kind: 'postgres' }) })
    const [account] = (await world.added(target, 'deploy')) as Row[]
    await sessions.holdsPassword(String(account?.id))
    return { target, account: account as Row, kind, name }
  }
  const openIn = async ({ target, account, kind, name }: Awaited<ReturnType<typeof lab>>) => {
    const { grant } = await granted(world, world.alice, account, world.bob, target)
    const { presence } = await world.present(world.alice)
    const door = kind === 'sql' ? ('postgres' as const) : ('ssh' as const)
    const admitted = { ...sessions.alice(), presence, attempt: { ...sessions.alice().attempt, door, target: name } }
    const how = kind === 'sql' ? { kind, database: 'app' } : { kind }
    const live = must(await host.open(admitted, { id: grant.id as never, remainingMs: 3_600_000 }, how))
    const cut: string[] = []
    live.onCut((reason) => cut.push(reason))
    return { live, cut }
  }

  test.each(['files', 'sql'] as const)(
    'ends within seconds of a policy that looks at it now, and the next one is judged: %s',
    async (kind) => {
      const listener = await listen(world.database.connection('gateway'), { policy_changed: host.policiesChanged })
      const place = await lab(`later-${kind}`, kind)
      const { live, cut } = await openIn(place)
      expect([live.judgeFile, live.judgeQuery]).toEqual([undefined, undefined])
      await policy(
        `permits-${kind}`,
        `@act("allow") permit (principal, action == Action::"forward", resource) when { resource in Environment::"lab" };`,
      )
      await delay(3_000)
      expect(cut).toEqual([])
      const action = kind === 'sql' ? 'query' : 'transfer'
      await policy(
        `later-${kind}`,
        `@floor("Not here, ask an administrator.") forbid (principal, action == Action::"${action}", resource) when { resource in Environment::"lab" };`,
      )
      await expect.poll(() => cut).toEqual(['policy_changed'])
      await ended(live, 'policy_changed')
      expect(await sessions.rowOf(live.id)).toMatchObject({ end_reason: 'policy_changed' })
      const next = await openIn(place)
      expect(next.live.judgeFile ?? next.live.judgeQuery).toBeDefined()
      await ended(next.live)
      await listener.close()
    },
  )
})

describe('a transfer of files', () => {
  const files = { kind: 'files' as const }
  const act = (n: number, more: Partial<FileAct>): FileAct => ({
    ...{ n, op: 'get', path: '/etc/shadow', to: null, from: 0, bytes: null, sha256: null, outcome: 'open', message: null },
    ...more,
  })
  const openFiles = async (by: Host = host) =>
    must(await by.open(sessions.alice(), { id: sessions.grant() as never, remainingMs: 3_600_000 }, files))

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
      {
        phase: 'alarm',
        intent: opening?.id,
        by: sessions.alice().person,
        fields: { rule: 'secrets_taken', n: 2, more: false, tells: ['security'] },
      },
    ])
    const acts = said.map((e) => e.act).filter((a) => a !== 'alarm.session_rule')
    expect(acts).toEqual(['session.opening', 'session.opened', ...Array(3).fill('session.file'), 'session.ended'])
    expect(said.filter((e) => e.act === 'session.file')).toMatchObject([
      { intent: opening?.id, by: sessions.alice().person, fields: { n: 2, op: 'get', bytes: 1200, sha256: hash, outcome: 'ok' } },
      { intent: opening?.id, fields: { n: 3, op: 'rename', bytes: null, sha256: null, outcome: 'failed' } },
      { intent: opening?.id, fields: { n: 4, op: 'put', bytes: 7, outcome: 'cut' } },
    ])
    // paths may name people: they are in the entry as what can be erased
    expect(JSON.stringify(said)).not.toContain('/etc/shadow')

    const { presence } = await world.present(world.dave)
    const reading = {
      db: world.db,
      keeper: world.keeper,
      audit: world.audit,
      index: world.index,
      recordings,
      lists: new OpenViews<OpenList>(),
    }
    const shown = must(await showFiles(reading, { session: live.id, after: 1, limit: 2 }, { person: world.dave.id as PersonId, presence }))
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

describe('files of a session', () => {
  const files = { kind: 'files' } as const

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
