import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor, type Together } from '../row.ts'

/** All paths have a session under one grant when it ends. */
const ways: Record<string, Together> = {
  'the grant is ended by an officer': {
    before: (lane) => lane.endGrant(),
    deed: (lane) => lane.endGrant(),
  },
  'the grant comes to its end': {
    async before(lane) {
      await lane.endGrant()
      // long enough for all to be opened on a machine that does more than this
      await lane.grant('120s')
    },
    deed: (lane) => lane.grantOver(),
  },
}

export default Object.entries(ways).flatMap(([act, together]) =>
  rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
    ...{ act, together, leaves: [/^session\.ended .*reason=grant_ended/] },
    cells: inSessions(async () => undefined, notOpened[wire]),
  })),
)
