import { call, inventory, type Transport } from '@claviger/api'
import { eventually } from './eventually.ts'
import { yes } from './person.ts'
import type { Row } from './proof.ts'
import type { Tour } from './tour.ts'

/** The rotations of an account that began at or after a moment, as the server wrote them down. */
async function rotationsSince(reader: Transport, account: string, since: string): Promise<inventory.Rotation[]> {
  const { rotations } = await yes('the list of rotations', call(reader, inventory.rotations, { query: { account, limit: 50 } }))
  return rotations.filter((r) => r.startedAt >= since)
}

const isOver = (r: inventory.Rotation) => r.state === 'done' || r.state === 'failed'

/** The rotations of every credential of the account that a grant's end replaces, once they are over. */
export async function replacedSince(
  reader: Transport,
  { id, credentials }: inventory.Account,
  since: string,
): Promise<inventory.Rotation[] | undefined> {
  const rotations = await rotationsSince(reader, id, since)
  return rotations.length >= Math.max(1, credentials.length) && rotations.every(isOver) ? rotations : undefined
}

/** Waits for them. */
export const rotatedSince = async (tour: Tour, account: inventory.Account, since: string): Promise<inventory.Rotation[]> =>
  await eventually('the rotation after the end of the grant', 60, () => replacedSince(tour.person('carol').api, account, since))

/** Waits until no rotation of the account is under way, so that nobody connects in the middle of one. */
export async function settled(tour: Tour, account: string, since: string): Promise<void> {
  const { api } = tour.person('carol')
  await eventually('rotations to be over', 60, async () => ((await rotationsSince(api, account, since)).every(isOver) ? true : undefined))
}

export const rotationRow = (r: inventory.Rotation): Row => ({
  account: `${r.account.name}@${r.account.target}`,
  credential: `${r.credential} v${r.version}`,
  why: r.trigger,
  state: r.error ? `${r.state}: ${r.error}` : r.state,
  proven: r.verifiedAt,
  'old one refused': r.oldRefusedAt,
  'keys removed': r.removed.length,
})
