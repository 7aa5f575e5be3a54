import type { Secret } from '../../kernel/secret.ts'
import type { TargetFailure } from '../contract.ts'

/** Characters. Windows takes 256 at most; some of its own dialogs take 127. */
export const longestPassword = 127

/** What a domain takes: see PasswordRules of the contract. Its complexity rule wants three of four classes. */
export const passwordRules = {
  maxLength: longestPassword,
  classes: { atLeast: 3, of: ['lower', 'upper', 'digit', 'symbol'] },
} as const

/** The value of `unicodePwd`, [MS-ADTS] 3.1.1.3.1.5.1: the password in quotation marks as UTF-16LE. The caller wipes it. */
export const unicodePassword = (password: Secret, why: 'set-on-target' | 'log-in-to-target'): Promise<Buffer> =>
  password.lend(why, (bytes) => {
    const quoted = Buffer.alloc(2 * (bytes.length + 2))
    quoted[0] = 0x22
    let at = 2
    // ASCII byte by byte, so that no string is made of it; what lies beyond needs one
    if (bytes.every((byte) => byte < 0x80)) for (const byte of bytes) at = quoted.writeUInt8(byte, at) + 1
    else at += quoted.write(Buffer.from(bytes).toString('utf8'), at, 'utf16le')
    quoted[at] = 0x22
    const value = Buffer.from(quoted.subarray(0, at + 2))
    quoted.fill(0)
    return value
  })

/** Why no domain would take it, whatever its policy. */
export const unfit = async (password: Secret): Promise<TargetFailure | undefined> =>
  (await password.lend('set-on-target', (bytes) => bytes.length > 0 && bytes.length <= longestPassword && !bytes.includes(0)))
    ? undefined
    : { code: 'target.credential_refused', detail: `a password has 1 to ${longestPassword} characters` }
