import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Claviger, root, startClaviger } from '../support/claviger.ts'
import { freePorts } from '../support/ports.ts'
import { runProgram } from '../support/process.ts'

/* A start that cannot work says what is wrong and what to do, in one sentence, ends with status 1, and touches nothing. */

const isRoot = process.getuid?.() === 0
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-starts-'))
  chmodSync(folder, 0o711)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function start(env: NodeJS.ProcessEnv, as: { uid?: number; gid?: number } = {}) {
  const [http, ssh, postgres, mysql] = await freePorts(4)
  const { CLAVIGER_DATA: _, ...clean } = process.env
  const ended = await runProgram(process.execPath, [join(root, 'server/src/main.ts'), 'supervisor'], {
    seconds: 240,
    env: {
      ...{ ...clean, CLAVIGER_HTTP_PORT: `${http}`, CLAVIGER_SSH_PORT: `${ssh}`, NO_COLOR: '1' },
      ...{ CLAVIGER_POSTGRES_PORT: `${postgres}`, CLAVIGER_MYSQL_PORT: `${mysql}`, ...env },
    },
    ...as,
  })
  expect(ended.said).not.toMatch(/\n\s+at .+:\d+:\d+/)
  return ended
}

describe('a port that is taken', () => {
  test.each(['CLAVIGER_HTTP_PORT', 'CLAVIGER_SSH_PORT'])('%s is named, with what moves it', async (variable) => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      const { status, said } = await start({ CLAVIGER_DATA: join(folder, 'ports'), [variable]: `${port}` })
      expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining(`Port ${port} is taken`) })
      expect(said).toContain(`${variable}=`)
    } finally {
      taken.close()
    }
  })

  test('that is none is named as well', async () => {
    const { status, said } = await start({ CLAVIGER_DATA: join(folder, 'ports'), CLAVIGER_SSH_PORT: 'eighty' })
    expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining('CLAVIGER_SSH_PORT') })
  })
})

describe('a data folder', () => {
  test('that is a file is refused', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, 'not a folder')
    const { status, said } = await start({ CLAVIGER_DATA: file })
    expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining('CLAVIGER_DATA') })
    expect(said).toContain(file)
  })

  test('that holds something else is refused, and stays as it is', async () => {
    const home = join(folder, 'home')
    mkdirSync(home, { mode: 0o750 })
    writeFileSync(join(home, 'thesis.txt'), 'mine')
    const { status, said } = await start({ CLAVIGER_DATA: home })
    expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining('thesis.txt') })
    expect(said).toContain('CLAVIGER_DATA')
    expect(readdirSync(home)).toEqual(['thesis.txt'])
    expect(statSync(home).mode & 0o777).toBe(0o750)
  })

  test('that may not be written is refused', async () => {
    const closed = join(folder, 'closed')
    mkdirSync(closed, { mode: 0o755 })
    // root may write everywhere but where nothing can be written
    const as = isRoot ? { uid: 65534, gid: 65534 } : {}
    if (!isRoot) chmodSync(closed, 0o555)
    const { status, said } = await start({ CLAVIGER_DATA: join(closed, 'data'), HOME: folder }, as)
    expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining('CLAVIGER_DATA') })
    const nowhere = await start({ CLAVIGER_DATA: '/proc/claviger' })
    expect(nowhere).toMatchObject({ status: 1, said: expect.stringContaining('CLAVIGER_DATA') })
  })

  if (isRoot)
    test('that our own users cannot enter is refused with the folder that is closed', async () => {
      const home = join(folder, 'private')
      mkdirSync(home, { mode: 0o700 })
      chownSync(home, 0, 0)
      const { status, said } = await start({ CLAVIGER_DATA: join(home, 'data') })
      expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining(home) })
      expect(said).toMatch(/chmod|CLAVIGER_DATA/)
    })
})

describe('a server that runs already', () => {
  let claviger: Claviger
  beforeAll(async () => {
    claviger = await startClaviger({ lab: false })
  })
  afterAll(() => claviger?.stop())

  test('is not joined by a second one on its folder', async () => {
    const { status, said } = await start({ CLAVIGER_DATA: claviger.data })
    expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining('already runs') })
    expect(said).toContain(`process ${claviger.supervisor()}`)
    expect((await claviger.ready()).ok).toBe(true)
  })

  test('is started anew after it was killed, and finds its state', async () => {
    const before = claviger.said().match(/setup\?token=\S+/)?.[0]
    expect(before).toBeDefined()
    await claviger.killSupervisor()
    await claviger.again()
    expect((await claviger.ready()).ok).toBe(true)
  })

  test('is not started by an older release than the one that prepared its database', async () => {
    const superuser = await claviger.superuser()
    await superuser.sql("insert into migration (name, sha256) values ('9999-from-tomorrow.sql', '')")
    await superuser.close()
    await claviger.halt()
    const { status, said } = await start({ CLAVIGER_DATA: claviger.data, CLAVIGER_SEAL: 'dev' })
    expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining('newer Claviger (it has 9999-from-tomorrow.sql)') })
  })
})
