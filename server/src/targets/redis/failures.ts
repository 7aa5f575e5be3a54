import { fail } from '../../kernel/result.ts'
import type { TargetFailure } from '../contract.ts'

export const impostor = (expected: string, presented: string) => fail({ code: 'target.impostor', expected, presented } as const)
export const notSupported = (detail: string) => fail({ code: 'target.not_supported', detail } as const)
export const accountGone = (account: string) => fail({ code: 'target.account_gone', account } as const)
export const credentialRefused = (detail: string) => fail({ code: 'target.credential_refused', detail } as const)

/** The first word of an error reply is its code; the rest may repeat what was sent and is never shown. */
const meanings: Record<string, string> = {
  BUSY: 'a script keeps it busy',
  LOADING: 'it is loading its data',
  MASTERDOWN: 'it has lost its master',
  MISCONF: 'it cannot write to its disk',
  OOM: 'it has no memory left',
  READONLY: 'it is a replica',
}

/** What an error reply to a command of `account` means. Anything that is no reply is a broken connection. */
export function replyFailure(error: unknown, account: string): TargetFailure {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' }
  if (name !== 'ReplyError')
    return /timed out/i.test(message)
      ? { code: 'target.timeout', detail: 'the server did not answer in time' }
      : { code: 'target.protocol', detail: 'the connection broke' }
  const code = /^[A-Z]+/.exec(message)?.[0] ?? ''
  if (code === 'WRONGPASS' || code === 'NOAUTH') return { code: 'target.login_refused', account }
  if (code === 'NOPERM')
    return { code: 'target.not_permitted', detail: `${account} may not run that command; it needs +acl, +client, +config and +info` }
  if (meanings[code]) return { code: 'target.unreachable', detail: `Redis says: ${meanings[code]} (${code})` }
  return { code: 'target.protocol', detail: `Redis says ${code || 'something unknown'}` }
}
