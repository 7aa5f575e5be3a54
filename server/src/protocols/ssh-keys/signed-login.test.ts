import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSignedLogin, writeSignedLogin } from './signed-login.ts'

const bytes = fc.uint8Array({ maxLength: 40 })
const login = fc.record({ sessionId: bytes, user: fc.string(), algorithm: fc.string(), key: bytes })

describe('the signed bytes of a login', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(login, (written) => {
        expect(parseSignedLogin(writeSignedLogin(written))).toEqual({ ok: true, value: written })
      }),
    )
  })

  test('are refused when they are cut anywhere, or when something follows', () => {
    fc.assert(
      fc.property(login, fc.nat(), (written, cut) => {
        const whole = writeSignedLogin(written)
        expect(parseSignedLogin(whole.subarray(0, cut % whole.length)).ok).toBe(false)
        expect(parseSignedLogin(Buffer.concat([whole, Buffer.of(0)])).ok).toBe(false)
      }),
    )
  })

  test('are no other thing that the same key may sign', () => {
    const sshsig = Buffer.from('SSHSIG\0\0\0\u0003git')
    expect(parseSignedLogin(sshsig)).toMatchObject({ ok: false, error: { code: 'ssh_key.malformed' } })
    const whole = Buffer.from(
      writeSignedLogin({ sessionId: Buffer.alloc(32), user: 'alice', algorithm: 'ssh-ed25519', key: Buffer.alloc(8) }),
    )
    for (const other of ['ssh-userauth  ', 'ssh-connectioN']) {
      const changed = Buffer.from(whole)
      changed.write(other, changed.indexOf('ssh-connection'))
      expect(parseSignedLogin(changed).ok).toBe(false)
    }
  })
})
