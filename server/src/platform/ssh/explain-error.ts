import { impostor, loginRefused, type Outcome, protocol, unreachable } from './failures.ts'
import type { PinnedHostKey } from './host-key.ts'

type Refused = Extract<Outcome<never>, { ok: false }>

/**
 * ssh2 tells by a level and a sentence. Whatever goes wrong after the server showed the pinned key and before it proved
 * to hold it is an impostor: someone shows a key that is public anyway.
 */
export function explain(
  error: Error & { level?: string; code?: unknown },
  pinned: PinnedHostKey,
  seen: { presented: string; proven: boolean },
  offeredProof: boolean,
): Refused {
  if (error.message.includes('no matching host key format')) return impostor(pinned.fingerprint, `no key of type ${pinned.algorithm}`)
  if (error.level === 'handshake' && seen.presented && !seen.proven) return impostor(pinned.fingerprint, `${seen.presented}, unproven`)
  if (error.level === 'client-authentication') return loginRefused('the target refused the login')
  if (error.level === 'client-socket') return unreachable(String(error.code ?? error.message))
  // OpenSSH may say goodbye ("Too many authentication failures") where others answer
  if (seen.proven && offeredProof && typeof error.code === 'number' && /authentication/i.test(error.message))
    return loginRefused(error.message)
  return seen.proven ? protocol(error.message) : protocol(`no SSH handshake: ${error.message}`)
}
