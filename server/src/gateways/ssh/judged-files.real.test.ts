import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import type { FileAsked, Meanwhile } from '../contract.ts'
import { done, openWithFolders, remote, rsync, scp, sftp } from './test/file-clients.ts'
import { until } from './test/until.ts'

/* Real sftp and scp through a door where policy looks at files, to a real sshd. */

const limit = 200_000
const say = 'Only files below open, at most 200 kB, pass here. Ask an administrator.'

/** As a floor would say it: files below `open` alone, and no more than `limit` of each. */
async function openJudged() {
  const opened = await openWithFolders()
  const { there, door } = opened
  for (const folder of ['open', 'secret']) mkdirSync(join(there, folder))
  writeFileSync(join(there, 'secret', 'plan'), 'the secret plan')
  writeFileSync(join(there, 'open', 'note'), 'a note')
  const asked: FileAsked[] = []
  door.host.judgeFile = async (one, { only } = {}) => {
    if (!only) asked.push(one)
    // policy is another process
    await new Promise((resolve) => setTimeout(resolve, 1))
    const inside = (path: string) => `${path}/`.startsWith(`${there}/open/`)
    const passes = one.path !== undefined && inside(one.path) && inside(one.or ?? one.path) && one.bytes <= limit
    return passes ? ok({ until: one.bytes <= limit ? limit + 1 : null }) : fail({ code: 'session.act_refused', say })
  }
  return { ...opened, asked }
}

test('sftp gets and puts what policy lets pass, whole, and nothing else', async () => {
  const { door, here, there } = await openJudged()
  await using _ = door
  const bytes = randomBytes(limit)
  writeFileSync(join(here, 'new'), bytes)
  const ran = await sftp(door, [
    `put ${here}/new ${there}/open/new`,
    `get ${there}/open/new ${here}/back`,
    `rename ${there}/open/new ${there}/open/newer`,
    `mkdir ${there}/open/folder`,
    `ls ${there}/open`,
    `-get ${there}/secret/plan ${here}/plan`,
    `-put ${here}/new ${there}/secret/new`,
    `-mkdir ${there}/secret/folder`,
    `-rm ${there}/secret/plan`,
    `-chmod 777 ${there}/secret/plan`,
    `-ls ${there}/secret/`,
  ])
  expect(ran.status, ran.stderr).toBe(0)
  expect(readFileSync(join(here, 'back')).equals(bytes)).toBe(true)
  expect(readdirSync(join(there, 'open')).sort()).toEqual(['folder', 'newer', 'note'])
  expect(readdirSync(join(there, 'secret'))).toEqual(['plan'])
  expect(existsSync(join(here, 'plan')) && statSync(join(here, 'plan')).size).toBeFalsy()
  // the sentence once, however often it is meant; and the client's own words
  expect(ran.stderr.split(say)).toHaveLength(2)
  expect(ran.stderr).toMatch(/permission denied/i)
  const refused = done(door).filter(({ outcome }) => outcome === 'failed')
  expect(refused.map(({ op, path, message }) => [op, path, message])).toEqual([
    ['get', `${there}/secret/plan`, say],
    ['put', `${there}/secret/new`, say],
    ['mkdir', `${there}/secret/folder`, say],
    ['remove', `${there}/secret/plan`, say],
  ])
  expect(done(door).find(({ op }) => op === 'put')).toMatchObject({ bytes: limit, outcome: 'ok' })
  expect(door.host.sessions[0]?.outcomes).toMatchObject([{ reason: 'closed' }])
})

test('no path and no link leads around it', async () => {
  const { door, here, there, asked } = await openJudged()
  await using _ = door
  mkdirSync(join(there, 'secret', 'folder'))
  mkdirSync(join(there, 'open', 'folder'))
  writeFileSync(join(here, 'new'), 'x')
  const ran = await sftp(door, [
    `-get ${there}/open/../secret/plan ${here}/a`,
    `-get ${there}/open/./folder/..//../secret/plan ${here}/b`,
    `-symlink ${there}/secret/plan ${there}/open/link`,
    `-symlink ../secret ${there}/open/folders`,
    `-ln ${there}/secret/plan ${there}/open/hard`,
    `-rename ${there}/secret/plan ${there}/open/plan`,
    `-rename ${there}/open/note ${there}/secret/note`,
    `-rename ${there}/open/folder ${there}/open/other`,
    `-cp ${there}/open/note ${there}/open/copy`,
    `-get .ssh/../${there}/secret/plan ${here}/c`,
    `-put ${here}/new ${there}/open/../secret/new`,
  ])
  expect(ran.status, ran.stderr).toBe(0)
  expect(readdirSync(join(there, 'open')).sort()).toEqual(['copy', 'folder', 'note'])
  expect(statSync(join(there, 'open', 'copy')).size).toBe(0)
  expect(readdirSync(join(there, 'secret')).sort()).toEqual(['folder', 'plan'])
  for (const name of ['a', 'b', 'c']) expect(existsSync(join(here, name)) && statSync(join(here, name)).size).toBeFalsy()
  expect(asked.every(({ path }) => path === undefined || (path.startsWith('/') && !path.includes('..')))).toBe(true)
  // a copy begins with both files being opened; nothing came of it
  const passed = done(door).filter(({ outcome }) => outcome !== 'failed')
  expect(passed).toMatchObject([
    { op: 'get', path: `${there}/open/note`, bytes: 0 },
    { op: 'put', path: `${there}/open/copy`, bytes: 0 },
  ])
})

test('what grows beyond its size is cut, in both directions', async () => {
  const { door, here, there } = await openJudged()
  await using _ = door
  writeFileSync(join(here, 'large'), randomBytes(3_000_000))
  writeFileSync(join(there, 'open', 'large'), randomBytes(3_000_000))
  const ran = await sftp(door, [
    `-put ${here}/large ${there}/open/put`,
    `-get ${there}/open/large ${here}/got`,
    `get ${there}/open/note ${here}/note`,
  ])
  expect(ran.status, ran.stderr).toBe(0)
  expect(statSync(join(there, 'open', 'put')).size).toBeLessThanOrEqual(limit)
  expect(statSync(join(here, 'got')).size).toBeLessThanOrEqual(limit)
  expect(readFileSync(join(here, 'note'), 'utf8')).toBe('a note')
  expect(ran.stderr).toContain(say)
  expect(done(door)).toMatchObject([
    { op: 'put', path: `${there}/open/put`, outcome: 'failed', message: say },
    { op: 'get', path: `${there}/open/large`, outcome: 'failed', message: say },
    { op: 'get', path: `${there}/open/note`, outcome: 'ok' },
  ])
})

test('scp by SFTP is refused alike', async () => {
  const { door, here, there } = await openJudged()
  await using _ = door
  const no = await scp(door, remote(`${there}/open/../secret/plan`), join(here, 'plan'))
  expect(no.status).not.toBe(0)
  expect(no.stderr).toContain(say)
  expect(existsSync(join(here, 'plan')) && statSync(join(here, 'plan')).size).toBeFalsy()
  const yes = await scp(door, remote(`${there}/open/note`), join(here, 'note'))
  expect(yes.status, yes.stderr).toBe(0)
})

describe('scp -O', () => {
  test('puts of several files those that may, by path and by size', async () => {
    const { door, here, there } = await openJudged()
    await using _ = door
    const names = ['one', 'large', 'two']
    for (const name of names) writeFileSync(join(here, name), randomBytes(name === 'large' ? limit + 1 : 1000))
    const up = await scp(
      door,
      names.map((name) => join(here, name)),
      remote(`${there}/open`),
      ['-O'],
    )
    expect(up.stderr).toContain(say)
    expect(readdirSync(join(there, 'open')).sort()).toEqual(['note', 'one', 'two'])
    const elsewhere = await scp(door, join(here, 'one'), remote(`${there}/secret/`), ['-O'])
    expect(elsewhere.status).not.toBe(0)
    expect(readdirSync(join(there, 'secret'))).toEqual(['plan'])
    expect(done(door, 1)).toMatchObject([{ op: 'put', to: 'one', outcome: 'failed', message: say }])
  })

  test('puts and gets folders without what may not pass', async () => {
    const { door, here, there } = await openJudged()
    await using _ = door
    mkdirSync(join(here, 'tree', 'deep'), { recursive: true })
    writeFileSync(join(here, 'tree', 'deep', 'small'), 'small')
    writeFileSync(join(here, 'tree', 'large'), randomBytes(limit * 2))
    const up = await scp(door, join(here, 'tree'), remote(`${there}/open`), ['-O', '-r', '-p'])
    expect(up.stderr).toContain(say)
    expect(execFileSync('find', ['.', '-type', 'f'], { cwd: join(there, 'open', 'tree'), encoding: 'utf8' }).trim()).toBe('./deep/small')
    writeFileSync(join(there, 'open', 'tree', 'large'), randomBytes(limit * 2))
    const down = await scp(door, remote(`${there}/open/tree`), join(here, 'back'), ['-O', '-r'])
    expect(down.stderr).toContain(say)
    expect(execFileSync('find', ['.', '-type', 'f'], { cwd: join(here, 'back'), encoding: 'utf8' }).trim()).toBe('./deep/small')
  })

  test.each(['secret/plan', 'open/../secret/plan', 's*/plan', 'secret/pl?n', '[s]ecret/plan'])('gets nothing by %s', async (path) => {
    const { door, here, there } = await openJudged()
    await using _ = door
    const down = await scp(door, remote(`${there}/${path}`), join(here, 'plan'), ['-O', '-T'])
    expect(down.status).not.toBe(0)
    expect(down.stderr).toContain(say)
    expect(existsSync(join(here, 'plan'))).toBe(false)
    expect(done(door)).toMatchObject([{ op: 'get', outcome: 'failed', message: say }])
  })

  test('gets nothing by a path whose beginning is known to the target alone', async () => {
    const { door, here } = await openJudged()
    await using _ = door
    const down = await scp(door, remote('.profile-or-other'), join(here, 'x'), ['-O'])
    expect(down.status).not.toBe(0)
    expect(existsSync(join(here, 'x'))).toBe(false)
  })
})

describe('where somebody else is asked about what is below `asked`, and about commands', () => {
  const no = { code: 'session.act_not_allowed', say: 'It was not done.' }
  const asksAbout = new Set(['put', 'get', 'remove'])

  async function openHeld() {
    const opened = await openWithFolders()
    const { there, here, door } = opened
    const asked = join(there, 'asked')
    mkdirSync(asked)
    writeFileSync(join(asked, 'note'), 'a note')
    writeFileSync(join(here, 'new'), 'something new')
    const held: { what: string; signal: AbortSignal | undefined; decide: (yes: boolean) => void }[] = []
    const hold = async (what: string, { tell, signal }: Meanwhile) => {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      signal?.addEventListener('abort', () => resolve(false))
      held.push({ what, signal, decide: resolve })
      tell?.(`This is held (${held.length}).`)
      return await promise
    }
    door.host.judgeFile = async ({ op, path = '', or }, { only, ...how } = {}) => {
      if (only || !asksAbout.has(op) || !path.startsWith(`${asked}/`)) return ok({ until: null })
      return (await hold(`${op} ${path}${or ? ` or ${or}` : ''}`, how)) ? ok({ until: null, asked: true }) : fail(no)
    }
    door.host.judgeCommand = async (command, how) => ((await hold(command, how)) ? undefined : no)
    const next = async (what: string) => {
      const count = held.length
      await until(() => held.length > count || held.at(-1)?.what === what)
      expect(held.at(-1)?.what).toBe(what)
      return held.at(-1) as (typeof held)[number]
    }
    const has = (name: string) => existsSync(join(asked, name))
    return { ...opened, asked, held, next, has }
  }

  test('sftp waits for each file that it puts, gets and removes, and reads what came of it', async () => {
    const { door, here, asked, next, has } = await openHeld()
    await using _ = door
    const running = sftp(door, [`put ${here}/new ${asked}/new`, `get ${asked}/note ${here}/note`, `-rm ${asked}/note`])
    const put = await next(`put ${asked}/new`)
    expect(has('new')).toBe(false)
    put.decide(true)
    const get = await next(`get ${asked}/note`)
    expect(readFileSync(join(asked, 'new'), 'utf8')).toBe('something new')
    get.decide(true)
    const remove = await next(`remove ${asked}/note`)
    expect(readFileSync(join(here, 'note'), 'utf8')).toBe('a note')
    remove.decide(false)
    const ran = await running
    expect(ran.status, ran.stderr).toBe(0)
    expect(has('note')).toBe(true)
    for (const said of ['This is held (1).', 'This is held (2).', 'This is held (3).', 'It was not done.'])
      expect(ran.stderr).toContain(said)
    expect(done(door).map(({ op, outcome }) => [op, outcome])).toEqual([
      ['put', 'ok'],
      ['get', 'ok'],
      ['remove', 'failed'],
    ])
  })

  test.each([
    ['scp', [], ''],
    // whether that is a folder the target alone knows
    ['scp -O', ['-O'], ' or new/new'],
  ])('%s waits in both directions, once for a file, and carries nothing that was refused', async (_name, options, or) => {
    const { door, here, asked, held, next, has } = await openHeld()
    await using _ = door
    const putting = scp(door, `${here}/new`, remote(`${asked}/new`), options)
    const put = await next(`put ${asked}/new${or.replace('new', `${asked}/new`)}`)
    expect(has('new')).toBe(false)
    put.decide(true)
    expect((await putting).status).toBe(0)
    expect(held).toHaveLength(1)
    expect(readFileSync(join(asked, 'new'), 'utf8')).toBe('something new')
    const getting = scp(door, remote(`${asked}/note`), `${here}/note`, options)
    ;(await next(`get ${asked}/note`)).decide(false)
    const ran = await getting
    expect(ran.status).not.toBe(0)
    expect(ran.stderr).toContain('It was not done.')
    expect(existsSync(join(here, 'note')) && statSync(join(here, 'note')).size).toBeFalsy()
  })

  test('rsync is held as the command that it is, before anything of it runs', async () => {
    const { door, here, asked, held, has } = await openHeld()
    await using _ = door
    const refused = rsync(door, `${here}/new`, remote(`${asked}/refused`))
    await until(() => held.length === 1)
    expect(held[0]?.what).toMatch(/^rsync --server .* \S+\/asked\/refused$/)
    expect(door.host.sessions).toEqual([])
    held[0]?.decide(false)
    const ran = await refused
    expect(ran.status).not.toBe(0)
    expect(ran.stderr).toContain('This is held (1).')
    expect(ran.stderr).toContain('It was not done.')
    const allowed = rsync(door, `${here}/new`, remote(`${asked}/allowed`))
    await until(() => held.length === 2)
    held[1]?.decide(true)
    const went = await allowed
    expect(went.status, went.stderr).toBe(0)
    expect([has('refused'), has('allowed')]).toEqual([false, true])
  })
})
