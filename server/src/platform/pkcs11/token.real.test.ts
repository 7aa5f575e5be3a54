import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { badModule } from './test/bad-module.ts'
import { type SoftToken, softToken } from './test/soft-token.ts'
import { askToken, type TokenPlace } from './token.ts'

/*
 * A real PKCS#11 token (SoftHSM), and modules that behave as vendors' do on bad days. Each operation is a process of its own; this one goes on.
 */

const program = join(import.meta.dirname, 'token-program.ts')
const key = 'a1'.repeat(16)
const bound = { key, associated: 'c0ffee', although: false }
const data = Buffer.alloc(32, 7)

let soft: SoftToken
let place: TokenPlace
const remove: (() => void)[] = []

beforeAll(() => {
  soft = softToken()
  place = { module: soft.module, token: soft.token, environment: soft.environment, program, limitMs: 120_000 }
  remove.push(soft.remove)
})
afterAll(() => {
  for (const each of remove) each()
})

const pin = (text = soft.pin) => Secret.fromText(text)
const failed = (fault: string, given: string) => ({ ok: false, error: { fault, pin: given } })
/** Whether this process runs the program now, in the place of that parent: other tests run it as well. */
const runs = (pid: string, parent?: number) => {
  try {
    const itsParent = Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    return (parent ?? itsParent) === itsParent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program)
  } catch {
    return false
  }
}
const running = (parent = process.pid) => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && runs(name, parent))

describe('a token', () => {
  let wrapped: { iv: string; bytes: Buffer }

  test('wraps under a key of its own and gives back the same, bound to what it was bound to', async () => {
    const made = await askToken(place, pin(), { do: 'make', ...bound }, data)
    if (!made.ok) throw new Error(JSON.stringify(made.error))
    wrapped = made.value
    expect(made.value.serial).toBe(soft.serial)
    expect(wrapped.bytes).toHaveLength(48)
    expect(wrapped.bytes.includes(data)).toBe(false)
    expect(await askToken(place, pin(), { do: 'open', ...bound, iv: wrapped.iv }, wrapped.bytes)).toMatchObject({
      ok: true,
      value: { bytes: data },
    })
    const elsewhere = { do: 'open', ...bound, associated: 'c0ffed', iv: wrapped.iv } as const
    expect(await askToken(place, pin(), elsewhere, wrapped.bytes)).toMatchObject(failed('does_not_open', 'accepted'))
    const other = { do: 'open', ...bound, key: 'b2'.repeat(16), iv: wrapped.iv } as const
    expect(await askToken(place, pin(), other, wrapped.bytes)).toMatchObject(failed('no_key', 'accepted'))
  })

  test('lets nobody read that key, with the PIN neither', () => {
    const script = `
      const c = require('pkcs11js'), p = new c.PKCS11(); p.load(process.argv[1]); p.C_Initialize()
      const slot = p.C_GetSlotList(true)[0], s = p.C_OpenSession(slot, c.CKF_SERIAL_SESSION); p.C_Login(s, c.CKU_USER, process.argv[2])
      p.C_FindObjectsInit(s, [{ type: c.CKA_ID, value: Buffer.from(process.argv[3], 'hex') }]); const [key] = p.C_FindObjects(s, 1)
      for (const type of [c.CKA_SENSITIVE, c.CKA_EXTRACTABLE, c.CKA_WRAP]) console.log(p.C_GetAttributeValue(s, key, [{ type }])[0].value[0])
      try { p.C_GetAttributeValue(s, key, [{ type: c.CKA_VALUE }]); console.log('read') } catch (e) { console.log(e.message) }`
    const env = { ...process.env, ...soft.environment }
    const said = execFileSync(process.execPath, ['-e', script, soft.module, soft.pin, key], { env, encoding: 'utf8' })
    expect(said.trim().split('\n')).toEqual(['1', '0', '0', 'CKR_ATTRIBUTE_SENSITIVE'])
  })

  test('that refused a PIN says that few tries are left, and is not asked again unless somebody gave a new one', async () => {
    const open = { do: 'open', ...bound, iv: wrapped.iv } as const
    expect(await askToken(place, pin('00000000'), open, wrapped.bytes)).toMatchObject(failed('pin_wrong', 'given'))
    expect(await askToken(place, pin(), open, wrapped.bytes)).toMatchObject(failed('pin_low', 'kept'))
    expect(await askToken(place, pin(), { ...open, although: true }, wrapped.bytes)).toMatchObject({ ok: true })
    expect(await askToken(place, pin(), open, wrapped.bytes)).toMatchObject({ ok: true })
  })

  test('with another serial number is not given the PIN, and of two with one name it takes to be told which', async () => {
    const open = { do: 'open', ...bound, iv: wrapped.iv } as const
    const theirs = { ...open, serial: '0000000000000000' }
    expect(await askToken(place, pin(), theirs, wrapped.bytes)).toMatchObject(failed('other_token', 'kept'))
    soft.another()
    expect(await askToken(place, pin(), open, wrapped.bytes)).toMatchObject(failed('two_tokens', 'kept'))
    expect(await askToken({ ...place, serial: soft.serial }, pin(), open, wrapped.bytes)).toMatchObject({ ok: true })
  })

  test('that is away is said to be, and so is a module that is none', async () => {
    soft.away()
    expect(await askToken(place, pin(), { do: 'make', ...bound }, data)).toMatchObject(failed('no_token', 'kept'))
    soft.back()
    expect(await askToken({ ...place, module: '/etc/hostname' }, pin(), { do: 'make', ...bound }, data)).toMatchObject(
      failed('no_module', 'kept'),
    )
    const nowhere = { ...place, program: '/nowhere/token-program.ts' }
    expect(await askToken(nowhere, pin(), { do: 'make', ...bound }, data)).toMatchObject(failed('crashed', 'kept'))
  })
})

describe('a module', () => {
  test('that crashes takes nobody along', async () => {
    const bad = badModule('crashes')
    remove.push(bad.remove)
    expect(await askToken({ ...place, module: bad.module }, pin(), { do: 'make', ...bound }, data)).toMatchObject(failed('crashed', 'kept'))
    await expect.poll(() => running()).toEqual([])
  })

  test('that hangs is ended when its time is over, and shows the PIN to nobody who looks at processes', async () => {
    const bad = badModule('hangs')
    remove.push(bad.remove)
    const asked = askToken({ ...place, module: bad.module, limitMs: 8_000 }, pin(), { do: 'make', ...bound }, data)
    const [pid] = await seen()
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(soft.pin)
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(soft.pin)
    expect(await asked).toMatchObject(failed('late', 'kept'))
    await expect.poll(() => running()).toEqual([])
  })

  test('that hangs ends with whoever asked', async () => {
    const bad = badModule('hangs')
    remove.push(bad.remove)
    const script = `import { askToken } from ${JSON.stringify(join(import.meta.dirname, 'token.ts'))}
      import { Secret } from ${JSON.stringify(join(import.meta.dirname, '../../kernel/secret.ts'))}
      await askToken(${JSON.stringify({ ...place, module: bad.module, limitMs: 600_000 })}, Secret.fromText('0'), ${JSON.stringify({ do: 'make', ...bound })}, new Uint8Array(32))`
    const asking = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'ignore' })
    const [pid = ''] = await seen(asking.pid)
    asking.kill('SIGKILL')
    await expect.poll(() => runs(pid)).toBe(false)
  })
})

async function seen(parent?: number): Promise<string[]> {
  for (let looks = 0; looks < 2_400; looks++) {
    const there = running(parent)
    if (there.length > 0) return there
    await sleep(25)
  }
  throw new Error('the program did not begin')
}
