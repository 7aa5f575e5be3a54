/*
 * The lab's Linux host: a real OpenSSH server on loopback.
 *
 * - own host: as root. Namespaces of its own, a root of its own: its users exist only there (root-host.ts, enter.sh)
 * - own account: as a normal user. One's own account, by key only, with keys that live in the lab's folder (own-account.ts)
 */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fail, ok, type Result } from '../../server/src/kernel/result.ts'
import { startChild, stopOrphan } from './child.ts'
import { type InitialAccount, initialCredentials } from './initial-credentials.ts'
import { prepareOwnAccount } from './own-account.ts'
import { prepareOwnHost } from './own-host.ts'

export interface Web01Options {
  /** Where it keeps its state; made if missing. Starting again with the same folder finds the same host. */
  folder: string
  /** Below 32768, or an outgoing connection may sit on it. */
  port: number
  log: (line: string) => void
}

export interface Web01 {
  shape: 'own-host' | 'own-account'
  host: '127.0.0.1'
  port: number
  /** `SHA256:…` of its Ed25519 host key; the same at every start. */
  hostKeyFingerprint: string
  /** Accounts with the credentials that they had at the very first start. Rotated ones do not work any more. */
  accounts: readonly InitialAccount[]
  /** A key that someone left behind in an account's authorized keys, for tests that it is closed. */
  formerAdmin: { account: string; privateKeyFile: string; fingerprint: string }
  /** What a target's settings must say, where sshd's own configuration cannot be asked. */
  authorizedKeysFile?: string
  /** What it cannot do on this machine, and the line that helps. */
  warning?: string
  /** Resolves when the server has ended, by `stop` or by itself. */
  ended: Promise<void>
  /** Ends the server and every session on it, and nothing else. Safe to repeat. */
  stop(): Promise<void>
}

export type Web01Refusal = {
  code: 'web01.sshd_missing' | 'web01.tool_missing' | 'web01.no_namespaces' | 'web01.port_taken' | 'web01.not_started'
  say: string
}

const sshd = '/usr/sbin/sshd'

/** Starts web01. Call it from the process's main thread: the server ends when that thread does, even by kill -9. */
export async function startWeb01(options: Web01Options): Promise<Result<Web01, Web01Refusal>> {
  const folder = resolve(options.folder)
  const asRoot = process.getuid?.() === 0
  if (!isProgram(sshd))
    return fail({ code: 'web01.sshd_missing', say: `web01 needs OpenSSH's server: ${asRoot ? '' : 'sudo '}apt-get install openssh-server` })
  const missing = (asRoot ? ['setpriv', 'unshare', 'mount', 'chpasswd'] : ['setpriv']).find((tool) => !findProgram(tool))
  if (missing)
    return fail({ code: 'web01.tool_missing', say: `web01 needs ${missing}: ${asRoot ? '' : 'sudo '}apt-get install util-linux passwd` })

  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await stopOrphan(folder)
  const shape = asRoot ? 'own-host' : 'own-account'
  const initial = initialCredentials(folder, shape)
  const prepared = asRoot ? prepareOwnHost(folder, options.port, initial) : prepareOwnAccount(folder, options.port, initial)
  const child = await startChild({ ...prepared, folder, log: options.log })
  if (!child.ok) return fail(explain(child.error, options.port))
  return ok({
    ...{ shape, host: '127.0.0.1', port: options.port, hostKeyFingerprint: prepared.hostKeyFingerprint },
    ...{ accounts: initial.accounts, formerAdmin: initial.formerAdmin },
    ...(prepared.authorizedKeysFile && { authorizedKeysFile: prepared.authorizedKeysFile }),
    ...(prepared.warning !== undefined && { warning: prepared.warning }),
    ...child.value,
  })
}

function explain(said: string, port: number): Web01Refusal {
  if (/Address already in use/.test(said))
    return { code: 'web01.port_taken', say: `Port ${port} is taken; web01 needs it. Stop what listens there, or choose another port.` }
  if (/unshare failed|Operation not permitted|permission denied/i.test(said)) {
    return {
      code: 'web01.no_namespaces',
      say: `This machine lets root make no namespaces (a container?), so web01 cannot be kept apart. Start as a normal user instead. It said: ${said}`,
    }
  }
  return { code: 'web01.not_started', say: `web01 did not start. It said: ${said || 'nothing'}` }
}

const findProgram = (name: string) => ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) => isProgram(join(folder, name)))

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
