import { notOpened } from '../reasons.ts'
import { type Cell, rowsFor } from '../row.ts'
import { turnedAway } from '../turned-away.ts'
import { type Path, paths } from '../ways.ts'

const says = /the target (presented another host key than the one|did not prove that it is the one) that is pinned/i

/** What a login begins with, in the wires whose first bytes are in the clear or under the impostor's own TLS. */
const account = 'ops'

const at =
  (path: Path): Cell =>
  async (lane) => {
    await lane.grant()
    await lane.rotated()
    const impostor = await lane.target.impostor()
    try {
      await turnedAway(lane, path, says)
      await lane.sees('session.ended')
      const heard = impostor.heard().toString('latin1')
      if (heard.includes(account)) throw new Error(`the impostor heard of a login: ${heard}`)
    } finally {
      await impostor.back()
    }
  }

/** Somebody else answers at the target's address: with another host key, or a certificate of the right authority that is not the pinned one. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: 'another answers at the address of the target',
  leaves: [/^alarm\.impostor \(alarm\) .*during=session/, /^session\.ended .*reason=target_impostor/],
  cells: Object.fromEntries(paths.map((path) => [path, notOpened[wire][path] ?? at(path)])) as Record<Path, Cell>,
}))
