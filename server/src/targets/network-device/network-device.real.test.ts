import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDialer } from '../../platform/dialer/index.ts'
import type { OpenTarget } from '../contract.ts'
import { networkDevice } from './index.ts'
import { password } from './test/harness.ts'
import { type Ios, startIos } from './test/ios.ts'

let device: Ios
let target: OpenTarget
let identity: Record<string, string>
const dial = createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true })
const open = (more: object = {}): OpenTarget => {
  const opened = networkDevice.open({ host: '127.0.0.1', port: device.port, vendor: 'cisco-ios', ...more }, dial)
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  return opened.value
}
const manager = () => ({ account: 'claviger', credential: password('the-manager') })
const rotate = async (account: string, next: string, over = target) => await over.rotate?.(identity, manager(), account, password(next))
const works = async (account: string, text: string) => (await target.verify(identity, { account, credential: password(text) })).ok

beforeAll(async () => {
  device = await startIos()
  target = open()
  identity = { algorithm: 'ssh-ed25519', fingerprint: device.fingerprint }
})
afterAll(() => device?.stop())
beforeEach(() => {
  device.ways = { cutAt: 128, pagesAfter: Number.POSITIVE_INFINITY, strict: false }
  device.users.set('netops', { password: 'as-it-came', privilege: 15 })
})

describe('a network device', () => {
  test('lists its accounts with their privilege, also where it pages all the same', async () => {
    device.ways.pagesAfter = 1
    const found = []
    for await (const one of target.discover?.(identity, manager()) ?? []) found.push([one.name, one.privileges[0]])
    expect(found).toEqual([
      ['claviger', 'privilege 15'],
      ['powerless', 'privilege 1'],
      ['netops', 'privilege 15'],
    ])
  })

  test('keeps a new password over a restart, and the privilege of the account', async () => {
    expect(await rotate('netops', 'A-new-one_22.chars+ok')).toMatchObject({ ok: true })
    await device.restart()
    expect(await works('netops', 'A-new-one_22.chars+ok')).toBe(true)
    expect(device.users.get('netops')?.privilege).toBe(15)
  })

  test('that cuts passwords at 16 gets none that is longer, where its settings say so', async () => {
    device.ways.cutAt = 16
    const careful = open({ longestPassword: 16 })
    expect(await rotate('netops', 'exactly-16-chars', careful)).toMatchObject({ ok: true })
    expect(await works('netops', 'exactly-16-chars')).toBe(true)
    expect(await rotate('netops', 'more-than-16-chars', careful)).toMatchObject({ ok: false, error: { code: 'target.credential_refused' } })
    expect(await works('netops', 'exactly-16-chars')).toBe(true)
  })

  test.each(['with space', 'help?', 'quote"', 'back\\slash', 'two\nlines', 'ümlaut', ''])('is never told the password %j', async (text) => {
    const before = device.logged.length
    expect(await rotate('netops', text)).toMatchObject({ ok: false, error: { code: 'target.credential_refused' } })
    expect(device.logged).toHaveLength(before)
  })

  test.each(['net ops', 'a\nreload', 'x?', '-x'])('is never told the account name %j', async (name) => {
    const before = device.logged.length
    expect(await rotate(name, 'A-fine-password')).toMatchObject({ ok: false, error: { code: 'target.not_permitted' } })
    expect(device.logged).toHaveLength(before)
  })

  test('makes no account that was not there', async () => {
    expect(await rotate('nobody', 'A-fine-password')).toMatchObject({ ok: false, error: { code: 'target.account_gone' } })
    expect(device.users.has('nobody')).toBe(false)
  })

  test('leaves the configuration mode also when it did not like the password', async () => {
    device.ways.strict = true
    expect(await rotate('netops', 'short')).toMatchObject({ ok: false, error: { code: 'target.password_refused' } })
    expect(device.logged.at(-1)).toBe('end')
    expect(await works('netops', 'as-it-came')).toBe(true)
  })
})
