import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readWtmp } from './wtmp.ts'

/** struct utmp of glibc 2.36 on x86-64, field by field. */
function record({ type = 7, line = 'pts/0', user = 'root', host = '', seconds = 1_800_000_000, address = Buffer.alloc(16), wide = false }) {
  const bytes = Buffer.alloc(wide ? 400 : 384)
  bytes.writeInt16LE(type, 0)
  bytes.write(line, 8)
  bytes.write(user, 44)
  bytes.write(host, 76)
  if (wide) bytes.writeBigInt64LE(BigInt(seconds), 344)
  else bytes.writeUInt32LE(seconds, 340)
  address.copy(bytes, wide ? 360 : 348)
  return bytes
}
const v4 = (...parts: number[]) => Buffer.concat([Buffer.from(parts), Buffer.alloc(12)])
const v6 = (hex: string) => Buffer.from(hex.padEnd(32, '0'), 'hex')

test.each([
  ['an IPv4 address', { address: v4(192, 0, 2, 7), host: 'mail.example.org' }, '192.0.2.7'],
  ['an IPv6 address', { address: v6('20010db8000000000000000000000001') }, '2001:db8::1'],
  ['one without zeros', { address: v6('20010db8000100020003000400050006') }, '2001:db8:1:2:3:4:5:6'],
  ['an IPv4 address in an IPv6 one', { address: v6('00000000000000000000ffffc0000207') }, '192.0.2.7'],
  ['the console', { line: 'tty1' }, 'local'],
  ['a display', { host: ':0' }, 'local'],
  ['a name alone', { host: 'mail.example.org' }, 'mail.example.org'],
])('a login comes from %s', (_what, fields, address) => {
  const at = new Date(1_800_000_000_000)
  const login = { account: 'root', address, line: 'line' in fields ? fields.line : 'pts/0', at }
  expect(readWtmp(record(fields), 'x86_64')).toEqual([login])
  expect(readWtmp(record({ ...fields, wide: true }), 'aarch64')).toEqual([login])
})

test('what is no login of a person is passed over: a start of the machine, an end, no name, no time, letters that cannot be shown', () => {
  const all = [{ type: 2, user: 'reboot' }, { type: 8 }, { user: '' }, { seconds: 0 }, { user: 'a\u0007b' }].map(record)
  expect(readWtmp(Buffer.concat([...all, record({})]), 'x86_64')).toHaveLength(1)
})

test('a machine whose records we do not know says so', () => {
  expect(readWtmp(record({}), 's390x')).toBeUndefined()
  expect(readWtmp(record({}), 'constructor')).toBeUndefined()
})

test('any bytes are read without harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1300 }), fc.constantFrom('x86_64', 'aarch64'), (bytes, machine) => {
      for (const login of readWtmp(Buffer.from(bytes), machine) ?? []) {
        expect(login.account).toMatch(/^[\x21-\x7e]{1,32}$/)
        expect(Number.isNaN(login.at.getTime())).toBe(false)
      }
    }),
  )
})
