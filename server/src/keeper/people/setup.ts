import { z } from 'zod'
import { sameBytes, sha256 } from '../../platform/crypto/hash.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { KeeperFolder } from '../state/folder.ts'

const shape = z.strictObject({ open: z.boolean() })
const file = 'setup.json'

/**
 * The first run. While it is open, the one-time token that this start made is the authority for making people, targets and
 * policies. It closes once and for ever; the mark stands outside the database.
 */
export interface Setup {
  readonly open: boolean
  /** The token of this start, for the supervisor to print. Undefined once the first run is closed. */
  readonly token: string | undefined
  isToken(token: string): boolean
  finish(): void
}

export function openSetup(folder: KeeperFolder): Setup {
  const saved = folder.read(file)
  let open = saved ? shape.parse(JSON.parse(saved.toString('utf8'))).open : true
  if (!saved) folder.write(file, JSON.stringify({ open }))
  const token = randomToken(24)
  const hash = sha256(token)
  return {
    get open() {
      return open
    },
    get token() {
      return open ? token : undefined
    },
    isToken: (given) => open && sameBytes(sha256(given), hash),
    finish() {
      open = false
      folder.write(file, JSON.stringify({ open }))
    },
  }
}
