import { verify } from 'node:crypto'
import { kits } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import { parseVerifierKey, strictBase64 } from '../verify/note.ts'

export interface SignedKit {
  head: kits.KitHead
  /** What the signature is over. */
  line: string
  signature: Buffer
}

const broken = (why: string) => new CliError('failed', `This is no kit, or it was changed: ${why}. Take another copy of it.`)

/** Two lines: the kit, and the signature over it. Whether that is of our server's key is known only when custodians opened their shares. */
export function readKit(text: string): SignedKit {
  const [line = '', encoded = '', ...rest] = text.split('\n')
  const signature = strictBase64(encoded)
  if (signature?.length !== 64 || rest.join('').trim() !== '') throw broken('it has not two lines')
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw broken('its first line is no JSON')
  }
  const head = kits.kitHead.safeParse(json)
  if (!head.success) throw broken(head.error.issues[0]?.message ?? 'malformed')
  return { head: head.data, line, signature }
}

/** `ledger` comes out of the custodians' shares: whoever makes a kit of their own does not know what stands in those. */
export function isSignedBy({ line, signature }: SignedKit, ledger: string): boolean {
  const key = parseVerifierKey(ledger)
  return key !== undefined && verify(null, Buffer.from(`${kits.kitSigned}${line}`), key.key, signature)
}
