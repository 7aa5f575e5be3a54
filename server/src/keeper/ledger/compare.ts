import { fail, ok, type Result } from '../../kernel/result.ts'
import type { KeeperIdentity } from '../state/identity.ts'
import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import type { Notary } from './notary.ts'

/*
 * A database can show each keeper another continuation of one ledger, and elect both. Neither sees the other's then. So keepers compare what
 * they signed by a road that does not lead through the database: the operator names each server's others, and their newest checkpoints
 * are brought here. The bearer need not be believed, the signature is.
 */

/** So many looks, and so long, another's checkpoint may be ahead of all that the database shows, after which it is held back from us. */
const looks = 5
const patienceMs = 20_000

/**
 * - same: it lies on our log
 * - ahead: it covers more than we know, not for long yet
 * - old: too old to be compared from memory, or of an earlier epoch
 */
export type Compared = 'same' | 'ahead' | 'old'

export interface Compare {
  /** Call it after the keeper has followed. The error says why nothing may open any more; `not ours`: no checkpoint of this installation. */
  with(note: string, peer: string): Result<Compared, { why: string } | 'not ours'>
  /** The database did not answer: nothing is held back, nobody could look. */
  interrupted(): void
}

interface Ahead {
  checkpoint: Checkpoint
  since: number
  looks: number
}

export function createCompare(deps: { notary: Notary; identity: KeeperIdentity; now: () => Date }): Compare {
  const { notary, identity, now } = deps
  const ahead = new Map<string, Ahead>()
  const reached = ({ epoch, size }: Checkpoint) => epoch < identity.epoch || (epoch === identity.epoch && size <= notary.size)

  const lies = (checkpoint: Checkpoint, peer: string): Result<Compared, { why: string }> => {
    const { epoch, size, root, time } = checkpoint
    if (epoch < identity.epoch) return ok('old')
    const ours = notary.rootAt(size)
    if (!ours) return ok('old')
    if (ours.equals(root)) return ok('same')
    return fail({
      why: `The first ${size} entries of the ledger here are not those that ${peer} signed at ${time}: the database shows two histories. Take both servers' checkpoints and exports before anything else.`,
    })
  }

  return {
    with(note, peer) {
      const checkpoint = readCheckpoint(note, identity.signer.publicKey)
      if (checkpoint?.log !== identity.log) return fail('not ours')
      const before = ahead.get(peer)
      if (before && reached(before.checkpoint)) {
        ahead.delete(peer)
        const lay = lies(before.checkpoint, peer)
        if (!lay.ok) return lay
      }
      if (reached(checkpoint)) return lies(checkpoint, peer)
      const waiting = ahead.get(peer) ?? { checkpoint, since: now().getTime(), looks: 0 }
      waiting.looks += 1
      ahead.set(peer, waiting)
      const { size, time, epoch } = waiting.checkpoint
      if (waiting.looks > looks && now().getTime() - waiting.since > patienceMs)
        return fail({
          why: `${peer} signed ${size} entries in epoch ${epoch} at ${time}; the database shows this server ${notary.size} in epoch ${identity.epoch}, and nothing newer. It holds back what was recorded there.`,
        })
      return ok('ahead')
    },
    interrupted: () => ahead.clear(),
  }
}
