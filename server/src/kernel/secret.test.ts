import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { Secret } from './secret.ts'

const text = 'hunter2-hunter2'
const made = () => Secret.fromText(text)
/** Every way in which bytes show: as text, hex, base64 and numbers. */
const traces = [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64'), [...Buffer.from(text)].join(','), '104, 117']

describe('a secret', () => {
  test.each<[string, (s: Secret) => string]>([
    ['as a string', (s) => String(s)],
    ['in a template', (s) => `${s}`],
    ['by concatenation', (s) => `password: ${s.toString()}`],
    ['as JSON', (s) => JSON.stringify(s)],
    ['as JSON, deep inside', (s) => JSON.stringify({ a: [{ s }] })],
    ['inspected', (s) => inspect(s)],
    ['inspected with everything hidden shown', (s) => inspect({ s }, { showHidden: true, depth: 9, getters: true })],
    ['inspected with custom inspection off', (s) => inspect(s, { showHidden: true, customInspect: false, depth: 9 })],
    ['formatted with %s %o %O %j %d', (s) => format('%s %o %O %j %d', s, s, s, s, s)],
    ['formatted without a format', (s) => format(s, { s }, [s])],
    ['as the message of an error', (s) => inspect(new Error(`failed with ${s}`))],
    ['as the cause of an error', (s) => inspect(new Error('failed', { cause: s }), { showHidden: true })],
    ['as a property of an error', (s) => inspect(Object.assign(new Error('failed'), { s }), { depth: 9 })],
    ['spread', (s) => inspect({ ...s })],
    ['by its entries and keys', (s) => inspect([Object.entries(s), Reflect.ownKeys(s), Object.getOwnPropertyDescriptors(s)])],
    ['cloned', (s) => inspect(structuredClone(s), { showHidden: true })],
    ['serialised', (s) => serialize(s).toString('latin1')],
    ['as a key of an object', (s) => Object.keys({ [String(s)]: 1 }).join()],
    ['in a map and a set', (s) => inspect([new Map([[s, s]]), new Set([s])], { depth: 9 })],
  ])('says nothing of itself %s', (_how, print) => {
    const printed = print(made())
    for (const trace of traces) expect(printed).not.toContain(trace)
  })

  test('prints as [secret], so that a reader of the log knows what stood there', () => {
    expect([String(made()), JSON.stringify(made()), inspect(made())]).toEqual(['[secret]', '"[secret]"', '[secret]'])
  })

  test('lends its bytes to one use and wipes them afterwards', async () => {
    const secret = made()
    let held = new Uint8Array()
    const result = await secret.use('sign', (bytes) => {
      held = bytes as Uint8Array<ArrayBuffer>
      return Buffer.from(bytes).toString()
    })
    expect(result).toBe(text)
    expect(held.every((b) => b === 0)).toBe(true)
    await expect(secret.use('sign', () => 1)).rejects.toThrow('wiped already')
    expect(() => secret.copy()).toThrow('wiped already')
  })

  test('is wiped also when its use fails, and then the error is the use’s own', async () => {
    const bytes = Buffer.from(text)
    const secret = new Secret(bytes)
    await expect(
      secret.use('sign', () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(bytes.every((b) => b === 0)).toBe(true)
  })

  test('lends without wiping where it is needed again, and its copy lives on by itself', async () => {
    const secret = made()
    const copy = secret.copy()
    await secret.lend('sign', () => undefined)
    secret.wipe()
    secret.wipe()
    expect(await copy.use('sign', (b) => Buffer.from(b).toString())).toBe(text)
  })
})
