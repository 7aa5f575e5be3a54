import type { kits } from '@claviger/api'
import { z } from 'zod'
import { CliError } from '../kit/exit.ts'
import { decryptWith } from './age.ts'

type Sealed = kits.KitAccount['sealed'][number]

const boxHead = z.object({ v: z.literal(1), account: z.string(), credential: z.string(), version: z.int() })

/** In the order in which they are tried: what counted, then what a rotation that did not end had set, then what came before. */
export function inOrder(account: kits.KitAccount): Sealed[] {
  const rank = { current: 0, candidate: 1, previous: 2 } as const
  const kind = { 'ssh-key': 0, password: 1 } as const
  return account.sealed.toSorted(
    (a, b) => rank[a.state] - rank[b.state] || b.version - a.version || kind[a.credential] - kind[b.credential],
  )
}

/** Opens one credential: u32 length of the head | head, JSON | the credential. Its own head says what it is of. */
export async function openCredential(key: string, account: kits.KitAccount, sealed: Sealed): Promise<Buffer> {
  const plain = await decryptWith([key], Buffer.from(sealed.box, 'base64'))
  const length = plain && plain.length > 4 ? plain.readUInt32BE() : 0
  const head = plain && length <= 4096 ? boxHead.safeParse(parsed(plain.subarray(4, 4 + length))) : undefined
  const { data } = head ?? {}
  if (!plain || data?.account !== account.id || data.credential !== sealed.credential || data.version !== sealed.version)
    throw new CliError(
      'failed',
      `The ${sealed.credential} v${sealed.version} of ${account.name}@${account.target.name} does not open, or is of another account.`,
    )
  return plain.subarray(4 + length)
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
