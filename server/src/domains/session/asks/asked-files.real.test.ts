import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../../test/support/until.ts'
import type { FileAct } from '../../../gateways/contract.ts'
import { openWithFolders, remote, rsync, scp, sftp } from '../../../gateways/ssh/test/file-clients.ts'
import type { Ran } from '../../../gateways/ssh/test/ssh-client.ts'
import { granted } from '../../../keeper/test/access.ts'
import type { PersonId } from '../../../kernel/id.ts'
import { listen } from '../../../platform/db/listen.ts'
import { must } from '../../identity/test/house.ts'
import type { OpenList } from '../lists/open-list.ts'
import { showFiles } from '../lists/show-files.ts'
import { openSessions } from '../test/session-world.ts'
import { OpenViews } from '../views/open-views.ts'
import { showAsks } from './asks.view.ts'
import { decideAsk } from './decide-ask.ts'

/*
 * Files that somebody else is asked about, from the real clients to a real sshd, with the sessions of a gateway process, its recordings, the keeper and the
 * ledger: only who comes in is taken from memory.
 */

const sessions = await openSessions()
const { world, host, policy } = sessions
type Opened = Awaited<ReturnType<typeof openWithFolders>>
let door: Opened['door']
let here: string
let there: string
let listener: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  ;({ door, here, there } = await openWithFolders())
  for (const folder of ['asked', 'late']) mkdirSync(join(there, folder))
  writeFileSync(join(here, 'new'), 'something new')
  const { port, target } = door.sshd
  const files01 = world.target('files01', { environment: 'lab', tier: 2, settings: { host: '127.0.0.1', port }, identity: target.identity })
  const row = world.account(files01, door.sshd.user, { credentials: ['ssh-key'] })
  const rows = [
    { kind: 'target' as const, revision: 1, row: files01 },
    { kind: 'account' as const, revision: 1, row },
  ]
  must(await world.write(rows, world.setup))
  must(await world.write([{ kind: 'account', revision: 2, row: { ...row, state: 'managed' } }], { by: 'system' }))
  const { secret } = target.login().credential
  must(await world.keeper.ask('storeCredential', { account: row.id, credential: 'ssh-key', public: null }, secret))
  // codes are used in their order: one after the other, however many knock at once
  let before: Promise<unknown> = Promise.resolve()
  const comesIn = () => {
    const coming = before.then(async () => {
      const { presence } = await world.present(world.alice)
      return { presence, grant: (await granted(world, world.alice, row, world.bob, files01)).grant.id as never }
    })
    before = coming
    return coming
  }
  const attempt = { door: 'ssh' as const, person: 'alice', account: door.sshd.user, target: 'files01', from: '192.0.2.9:4711' }
  door.host.open = async (_admitted, _grant, how, meanwhile) => {
    const { presence, grant } = await comesIn()
    const admitted = { person: world.alice.id, attempt, admitted: true as const, presence }
    return await host.open(admitted, { id: grant, remainingMs: 3_600_000 }, how, meanwhile)
  }
  // every transfer, also of attributes; as a command that carries files
  for (const [folder, wait] of [
    ['asked', '5m'],
    ['late', '10s'],
  ])
    for (const [action, what] of [
      ['transfer', 'path'],
      ['run', 'command'],
    ])
      await policy(
        `ask-${folder}-${action}`,
        `@act("ask") @wait("${wait}") permit (principal, action == Action::"${action}", resource) when { context.${what} like "*/${folder}/*" };`,
      )
  listener = await listen(world.database.connection('gateway'), { session_attend: host.attend })
})
afterAll(async () => {
  await listener?.close()
  await door?.[Symbol.asyncDispose]()
  await sessions.close()
})

interface Asked {
  id: string
  session_id: string
  digest: string
  state: string
  act: { action: string; op?: string; path?: string; or?: string; command?: string }
}
let officer: string | undefined
/** As an officer reads them, the first that was asked first. */
const asks = async (): Promise<Asked[]> => {
  officer ??= (await world.present(world.carol)).presence
  const viewer = { person: world.carol.id, groups: ['security'], presence: officer }
  const shown = must(await showAsks({ db: world.db, keeper: world.keeper }, viewer, world.clock.now(), { view: 'all', limit: 500 }))
  return shown
    .map(({ id, session, digest, state, act }) => ({ id, session_id: session, digest, state, act: act as Asked['act'] }))
    .reverse()
}
/** What waits next, other than what was there `before`. */
const next = async (before: readonly Asked[]): Promise<Asked> =>
  await until('an act to wait', async () => (await asks()).find(({ id, state }) => state === 'waiting' && !before.some((b) => b.id === id)))
const api = () => ({ audit: world.audit, keeper: world.keeper, now: world.clock.now })
const allow = async ({ id, digest }: Asked) =>
  must(await decideAsk(api(), id, world.bob.id, { verdict: 'allowed', digest, code: world.bob.code(), comment: null }))
const refuse = async ({ id }: Asked) => {
  const { presence } = await world.present(world.bob)
  must(await decideAsk(api(), id, world.bob.id, { verdict: 'refused', presence, reason: 'not today' }))
}
const ledgerOf = async ({ id }: Asked) => (await sessions.entries()).filter(({ fields }) => fields.ask === id)
/** The files of a session's sealed recording. */
async function recorded({ session_id: session }: Asked): Promise<Pick<FileAct, 'op' | 'path' | 'outcome' | 'message'>[]> {
  await until('the session to be settled', async () => ['ended', 'interrupted'].includes((await sessions.rowOf(session)).state))
  const { presence } = await world.present(world.dave)
  const reading = {
    ...{ db: world.db, keeper: world.keeper, audit: world.audit, index: world.index, recordings: sessions.recordings },
    lists: new OpenViews<OpenList>(),
  }
  const shown = must(await showFiles(reading, { session, after: 0, limit: 100 }, { person: world.dave.id as PersonId, presence }))
  return shown.files as never
}

/** One file to a path, in the way of each client. `files`: it is seen as one, and not as a command. */
const clients: [name: string, put: (path: string) => Promise<Ran>, how?: 'command'][] = [
  ['sftp', (path) => sftp(door, [`put ${here}/new ${path}`])],
  ['sftp put -p', (path) => sftp(door, [`put -p ${here}/new ${path}`])],
  ['scp', (path) => scp(door, `${here}/new`, remote(path))],
  ['scp -p', (path) => scp(door, `${here}/new`, remote(path), ['-p'])],
  ['scp -O', (path) => scp(door, `${here}/new`, remote(path), ['-O'])],
  ['scp -O -p', (path) => scp(door, `${here}/new`, remote(path), ['-O', '-p'])],
  ['rsync', (path) => rsync(door, `${here}/new`, remote(path)), 'command'],
]
const named = (name: string) => name.replaceAll(' ', '')

describe('one file is asked about once', () => {
  test.each(clients)('by %s, whatever the client sends of it', async (name, put, how) => {
    const before = await asks()
    const path = `${there}/asked/${named(name)}`
    const running = put(path)
    const held = await next(before)
    if (how === 'command') expect(held.act).toMatchObject({ action: 'run', command: expect.stringContaining(path) })
    else expect(held.act).toMatchObject({ action: 'transfer', op: 'put', path, ...(name.includes('-O') && { or: `${path}/new` }) })
    expect(existsSync(path)).toBe(false)
    await allow(held)
    const ran = await running
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringContaining('Allowed by bob.')])
    expect(readFileSync(path, 'utf8')).toBe('something new')
    if (name.includes('-p')) expect(statSync(path).mtimeMs).toBe(Math.floor(statSync(join(here, 'new')).mtimeMs / 1000) * 1000)
    expect((await asks()).slice(before.length)).toMatchObject([{ id: held.id, state: 'passed' }])
    expect((await ledgerOf(held)).map(({ act }) => act)).toEqual(['session.act_asked', 'session.act_allowed', 'session.act_passed'])
  })
})

/** Whatever of it the client made before it knew, there is nothing at the target. */
const nothingThere = (path: string) => expect(existsSync(path)).toBe(false)

/** What the client reads and how it ends, what the target has, and what stands in the ledger and in the recording. */
async function notDone(put: { held: Asked; ran: Ran; path: string; how: 'command' | undefined }, say: RegExp, acts: unknown[]) {
  const { held, ran, path, how } = put
  expect(ran.stderr).toMatch(say)
  expect(ran.status).not.toBe(0)
  nothingThere(path)
  expect(await ledgerOf(held)).toMatchObject(acts)
  if (how === 'command') {
    // there was nothing to record yet
    await until('the session to be settled', async () => (await sessions.rowOf(held.session_id)).state === 'refused')
    return
  }
  expect((await recorded(held)).filter(({ op }) => op === 'put')).toMatchObject([
    { path, outcome: 'failed', message: expect.stringMatching(say) },
  ])
  const files = (await sessions.entries()).filter(({ act, fields }) => act === 'session.file' && fields.session === held.session_id)
  expect(files.filter(({ fields }) => fields.op === 'put')).toMatchObject([{ fields: { outcome: 'failed', bytes: null } }])
}

test.each(clients)('what bob refuses is not done, and who sent it reads why: %s', async (name, put, how) => {
  const before = await asks()
  const path = `${there}/asked/no-${named(name)}`
  const running = put(path)
  const held = await next(before)
  await refuse(held)
  const ran = await running
  await notDone({ held, ran, path, how }, /bob refused this: not today\. It was not done\./, [
    { act: 'session.act_asked' },
    { act: 'session.act_denied', by: world.bob.id },
  ])
  expect((await asks()).length).toBe(before.length + 1)
})

test('what nobody decides on in time is not done, and who sent it reads so: each client', async () => {
  const before = await asks()
  const began = performance.now()
  const ran = await Promise.all(
    clients.map(async ([name, put, how]) => {
      const path = `${there}/late/${named(name)}`
      return { path, how, ran: await put(path) }
    }),
  )
  expect(performance.now() - began).toBeGreaterThan(10_000)
  const all = (await asks()).slice(before.length)
  expect(all).toHaveLength(clients.length)
  for (const { path, ...one } of ran) {
    const held = all.find(({ act }) => act.path === path || act.command?.endsWith(` ${path}`)) as Asked
    await notDone({ held, path, ...one }, /Nobody decided on this within 10s, so it was not done\./, [
      { act: 'session.act_asked' },
      { act: 'session.act_lapsed', fields: { why: 'timed_out' } },
    ])
  }
  // a word that comes too late changes nothing
  for (const held of all)
    expect(
      await decideAsk(api(), held.id, world.bob.id, { verdict: 'allowed', digest: held.digest, code: world.bob.code(), comment: null }),
    ).toMatchObject({ error: { code: 'session.ask_decided' } })
})

test('of a file that is fetched nothing comes, and a batch of sftp that goes on does so behind it', async () => {
  writeFileSync(join(there, 'asked', 'plan'), 'the plan')
  const before = await asks()
  const running = sftp(door, [`-get ${there}/asked/plan ${here}/plan`, `put ${here}/new ${there}/beside`])
  await refuse(await next(before))
  expect(await running).toMatchObject({ status: 0, stderr: expect.stringContaining('bob refused this: not today.') })
  expect(existsSync(join(here, 'plan')) && statSync(join(here, 'plan')).size).toBeFalsy()
  expect(readFileSync(join(there, 'beside'), 'utf8')).toBe('something new')
  expect((await asks()).length).toBe(before.length + 1)
})

// sftp keeps Ctrl-C from its ssh and says nothing of it while it waits for an answer: there it is the window that is closed
test.each([
  ['sftp', 'SIGHUP'],
  ['scp', 'SIGINT'],
  ['rsync', 'SIGINT'],
] as const)('who leaves while it waits takes it back: %s', async (name, signal) => {
  const before = await asks()
  const path = `${there}/asked/left-${name}`
  const started: ChildProcess[] = []
  const { start } = door.ssh
  door.ssh.start = (...args) => {
    const child = start(...args)
    started.push(child)
    return child
  }
  const put = clients.find(([one]) => one === name)?.[1]
  const running = put?.(path)
  door.ssh.start = start
  const held = await next(before)
  started[0]?.kill(signal)
  expect((await running)?.status).not.toBe(0)
  await until('it to be taken back', async () => (await asks()).find(({ id }) => id === held.id)?.state === 'over')
  expect((await ledgerOf(held)).at(-1)).toMatchObject({
    act: 'session.act_lapsed',
    fields: { why: expect.stringMatching(/^(cancelled|session_over)$/) },
  })
  nothingThere(path)
})
