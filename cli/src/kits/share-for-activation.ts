import { verify } from 'node:crypto'
import { kits } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import { parseVerifierKey, strictBase64 } from '../verify/note.ts'
import { decryptWith, encryptTo } from './age.ts'

export interface DoorOfActivation {
  statement: string
  signature: string
  /** Each custodian's share of the key of the location, as an armored age file. */
  custodians: readonly { name: string; share: string }[]
}

/** A custodian's share, opened on their own machine, and what the keeper says that it is for. */
export interface OwnShare {
  name: string
  statement: kits.ActivationStatement
  /** Encrypts the share to the keeper's key of this one activation. */
  seal(): Promise<string>
}

/**
 * Opens the share of whoever has one of these identities, and checks with the key that stands in it that the keeper of this very server asks for
 * it: what stands between here and that process can neither read the share nor have it given for something else. Undefined: not theirs.
 */
export async function ownShare(door: DoorOfActivation, identities: readonly string[]): Promise<OwnShare | undefined> {
  for (const { name, share } of door.custodians) {
    const opened = await decryptWith(identities, share)
    const own = opened && kits.locationShare.safeParse(parsed(opened)).data
    if (!own) continue
    const key = parseVerifierKey(own.ledger)
    const signature = strictBase64(door.signature)
    if (!key || !signature || !verify(null, Buffer.from(`${kits.activationSigned}${door.statement}`), key.key, signature))
      throw new CliError(
        'failed',
        'This was not asked by the server whose key stands in your share: somebody stands in between. Give nothing, and tell security.',
      )
    const statement = kits.activationStatement.safeParse(parsed(Buffer.from(door.statement))).data
    if (!statement)
      throw new CliError('failed', 'The server says something that this version does not understand. Upgrade the command line.')
    if (statement.key !== own.key)
      throw new CliError('refused', 'Your share is of another key than the one that counts: the key for break-glass was replaced since.')
    const given = { format: 'claviger-activation-share/1', activation: statement.activation, share: own } satisfies kits.ActivationShare
    return { name, statement, seal: () => encryptTo(statement.recipient, JSON.stringify(given)) }
  }
  return undefined
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
