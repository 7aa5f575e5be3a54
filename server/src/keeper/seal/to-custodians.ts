import { encryptToCustodian } from '../../platform/crypto/custodian-key.ts'
import { refuse } from '../refuse.ts'

/** Who gets a share, and the public key of theirs (`age1…`, `p256-…`) that it is encrypted to. */
export interface Custodian {
  name: string
  key: string
}

/**
 * Shares, a line each, as they leave the keeper: encrypted, one to each custodian in their order, as a line of base64. Without custodians they leave
 * as they are. What came in is wiped.
 */
export async function toCustodians(lines: Buffer, custodians: readonly Custodian[] = []): Promise<Buffer> {
  if (custodians.length === 0) return lines
  const sealed: string[] = []
  let from = 0
  for (const { key } of custodians) {
    const at = lines.indexOf(10, from)
    const end = at < 0 ? lines.length : at
    sealed.push((await encryptToCustodian(key, lines.subarray(from, end))).toString('base64'))
    from = end + 1
  }
  const all = from >= lines.length
  lines.fill(0)
  if (!all) throw new Error('there are more shares than custodians')
  return Buffer.from(sealed.join('\n'))
}

export const notOneEach = (shares: number, named: number) =>
  refuse('seal.custodians', `${shares} shares and the keys of ${named} custodians: name one custodian for each share, or none.`)
