import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, seal } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeSignIn } from '../../cli/src/kit/sign-in.ts'
import { type SoftToken, softToken } from '../../server/src/platform/pkcs11/test/soft-token.ts'
import { isRoot, users } from '../../server/src/platform/process/identity.ts'
import { type Claviger, cli, startClaviger } from '../support/claviger.ts'
import { closeSeal, sealStatus } from '../support/custodians.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { plainSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'

/*
 * A key ceremony with an HSM (SoftHSM), through real processes: an installation with a key file moves into the token, opens by itself at every start,
 * and survives what happens to HSMs. Whoever has the database, the folder or a token of the same name opens nothing.
 */

let claviger: Claviger
let soft: SoftToken
let carol: Person
let adam: Person
let pinFile: string
const work = mkdtempSync(join(tmpdir(), 'claviger-pin-'))
const owner = isRoot() ? users.keeper : undefined
/** What is put right when the seal opens is so a moment later. */
const patient = { timeout: 60_000 }

const givePin = (pin: string) => {
  rmSync(pinFile, { force: true })
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o400 })
  if (owner !== undefined) chownSync(pinFile, owner, owner)
}

beforeAll(async () => {
  soft = softToken({ ...(owner !== undefined && { uid: owner }) })
  execFileSync('chmod', ['0755', work])
  pinFile = join(work, 'pin')
  givePin(soft.pin)
  claviger = await startClaviger({
    lab: true,
    env: {
      ...{ CLAVIGER_PKCS11_MODULE: soft.module, CLAVIGER_PKCS11_TOKEN: soft.token, CLAVIGER_PKCS11_PIN_FILE: pinFile },
      ...{ CLAVIGER_PKCS11_ENV: 'SOFTHSM2_CONF', ...soft.environment },
    },
  })
  carol = await claviger.person('carol')
  adam = await invite(claviger, carol, 'adam', ['administrators'])
})
afterAll(async () => {
  await claviger?.stop()
  soft?.remove()
  rmSync(work, { recursive: true, force: true })
})

/** Somebody at the command line; a fresh code is given on standard input. */
const asCarol = async (...args: string[]) => await cli(claviger, args, { input: `${await carol.code()}\n`, seconds: 240 })
const confirm = async () => {
  await until('a ceremony to be confirmed', async () => (await sealStatus(claviger)).ceremony !== null, 150)
  await withCode(adam.code, (code) => call(adam.api, seal.ceremonyConfirm, { body: { code } }))
}
/** The keeper as after a crash: the supervisor starts it again. */
const newKeeper = async () => {
  const before = claviger.pid('keeper')
  process.kill(before, 'SIGKILL')
  await another(before)
}
const another = (before: number) =>
  until('another keeper', () => {
    try {
      return claviger.pid('keeper') !== before
    } catch {
      return false
    }
  })
const message = async (wanted: RegExp) =>
  await until('the server to say why', async () => {
    const status = await sealStatus(claviger).catch(() => undefined)
    return status?.state === 'sealed' && wanted.test(status.message) && status.message
  })
const opensByItself = async (seconds = 150) => {
  await until('the seal to open by itself', async () => (await sealStatus(claviger).catch(() => undefined))?.state === 'open', seconds)
  await claviger.untilReady()
}
const keeperFile = (name: string) => join(claviger.data, 'keeper', name)
const alarms = async () => {
  const { stdout } = await claviger.superuser().then(async (db) => {
    const rows = await db.sql<{ bytes: Buffer }>("select bytes from ledger_entry where bytes::text like '%616c61726d2e7365616c%'")
    await db.close()
    return { stdout: rows.length }
  })
  return stdout
}

describe('from a key file into the HSM', () => {
  test('takes two people, and the key file is destroyed', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    writeSignIn(join(claviger.work, 'cli'), { server: claviger.base, name: 'carol', token: carol.token, expiresAt })
    expect(existsSync(keeperFile('dev-root.key'))).toBe(true)
    const [moved] = await Promise.all([asCarol('seal', 'migrate', 'pkcs11', '--code-file', '-'), confirm()])
    expect(moved.said).toContain('The seal is "pkcs11" now.')
    expect(existsSync(keeperFile('dev-root.key'))).toBe(false)
    expect((await cli(claviger, ['seal', 'status'])).said).toMatch(/seal\s+pkcs11/)
  })

  test('and it opens by itself at the next start, with everything that was in it', async () => {
    await claviger.halt()
    await claviger.again()
    expect(await sealStatus(claviger)).toMatchObject({ state: 'open', kind: 'pkcs11' })
  })
})

test('killed in the middle of a new root key, at whatever moment, it opens by itself', async () => {
  for (const afterMs of [60, 250]) {
    const { ticket } = await withCode(carol.code, (code) =>
      call(carol.api, seal.ceremonyBegin, { body: { code, plan: { goal: 'replace', shares: 5, threshold: 3 } } }),
    )
    await confirm()
    const going = call(carol.api, seal.ceremonyGo, { body: { ticket } }).catch(() => undefined)
    await sleep(afterMs)
    const struck = claviger.pid('keeper')
    process.kill(struck, 'SIGKILL')
    await going
    await another(struck)
    await opensByItself()
  }
  await must(await call(carol.api, seal.keyProgress))
})

describe('while the HSM is away', () => {
  test('the server is sealed, says what to do at every door, and opens by itself when it is back', async () => {
    soft.away()
    await newKeeper()
    await message(/shows no token "claviger"\. Is the HSM on, connected and reachable/)
    expect(await claviger.ready()).toMatchObject({ status: 503, ok: false })
    const refused = await call({ base: claviger.base, headers: carol.api.headers ?? {} }, seal.keyProgress)
    expect(refused).toMatchObject({
      ok: false,
      status: 503,
      refusal: { code: 'keeper.sealed', message: expect.stringContaining('shows no token') },
    })
    expect((await cli(claviger, ['seal', 'status'])).said).toContain('shows no token')
    await until('the SSH door to say so', async () => {
      const door = ['-p', String(claviger.ports.ssh), '-o', 'StrictHostKeyChecking=no', 'alice@root@web01@127.0.0.1']
      const tried = plainSsh(claviger.work, door, '')
      await tried.ended
      return tried.said().includes('nothing opens until the key that opens it is back')
    })
    soft.back()
    await opensByItself()
  })

  test('another token of the same name is not given the PIN, and opens nothing', async () => {
    soft.away()
    soft.another()
    await newKeeper()
    await message(/is another one: its serial number is [0-9a-f]{16}, the seal was made with [0-9a-f]{16}\. It was not given the PIN/)
    soft.back()
    await opensByItself()
  })
})

test('a wrong PIN is given once, over restarts, and the right one is noticed', async () => {
  givePin('00000000')
  await newKeeper()
  await message(/refused the PIN in .* not given a second time/)
  const marked = statSync(keeperFile('pkcs11-pin.json')).mtimeMs
  await newKeeper()
  await message(/refused the PIN in .* not given a second time/)
  expect(statSync(keeperFile('pkcs11-pin.json')).mtimeMs).toBe(marked)
  givePin(soft.pin)
  await opensByItself()
})

describe('somebody who changes what is wrapped', () => {
  const spoil = (record: string) => {
    const [body = '', mac = ''] = record.split('\n')
    const facts = JSON.parse(body)
    const wrapped = Buffer.from(facts.seal.wrapped, 'base64')
    wrapped[5] = (wrapped[5] ?? 0) ^ 1
    return `${JSON.stringify({ ...facts, seal: { ...facts.seal, wrapped: wrapped.toString('base64') } })}\n${mac}\n`
  }

  test('in the database is noticed, and the record put right', async () => {
    const db = await claviger.superuser()
    const before = await alarms()
    const [{ record } = { record: '' }] = await db.sql<{ record: string }>('select record from vault.installation')
    await db.sql('update vault.installation set record = $1', [spoil(record)])
    await newKeeper()
    await opensByItself()
    await expect.poll(() => db.sql('select record from vault.installation'), patient).toEqual([{ record }])
    await db.close()
    await expect.poll(alarms, patient).toBeGreaterThan(before)
  })

  test('in the folder opens nothing by it, and in both leaves the server sealed until one is put back', async () => {
    const db = await claviger.superuser()
    const file = keeperFile('installation.json')
    const record = readFileSync(file, 'utf8')
    writeFileSync(file, spoil(record))
    await newKeeper()
    await opensByItself()
    await expect.poll(() => readFileSync(file, 'utf8'), patient).toBe(record)
    writeFileSync(file, spoil(record))
    await db.sql('update vault.installation set record = $1', [spoil(record)])
    await newKeeper()
    await message(/does not open what is said to be wrapped under its key/)
    writeFileSync(file, record)
    await opensByItself()
    await db.close()
  })
})

test('closed by somebody it stays closed over a restart, until it is opened on the host', async () => {
  await closeSeal(claviger)
  await message(/stays closed until its host opens it again/)
  await newKeeper()
  await message(/stays closed until its host opens it again/)
  expect((await cli(claviger, ['unseal'], { env: { CLAVIGER_DATA: '/nowhere' } })).said).toMatch(/own host/)
  expect((await cli(claviger, ['unseal'])).said).toContain('The seal is open.')
  await claviger.untilReady()
})

test('the PIN stands in no file of the data folder and in nothing that the server said', () => {
  const folders = ['keeper', 'run', 'postgres', 'anchors', 'secrets', 'recordings'].map((name) => join(claviger.data, name))
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true })).filter((f) => f.isFile())
  expect(files.length).toBeGreaterThan(50)
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name)
    // the database's files come and go
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    expect(bytes.includes(soft.pin), path).toBe(false)
  }
  expect(claviger.said()).not.toContain(soft.pin)
})
