import { type Call, call, session, type Transport } from '@claviger/api'
import { by } from '../by.ts'
import type { Lane } from '../lane.ts'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'
import type { Wire } from '../ways.ts'

interface Look {
  leaves: RegExp
  ask: (to: Transport, id: string, wire: Wire) => Promise<Call<unknown>>
  command: (id: string, wire: Wire, lane: Lane) => string[]
}

/** What is done with a recording when its session is over. */
const looks: Record<string, Look> = {
  'its recording is replayed': {
    leaves: /^recording\.viewed .*how=(replay|statements)/,
    ask: (to, id, wire) =>
      wire === 'ssh'
        ? call(to, session.replayCast, { params: { id } })
        : call(to, session.sessionStatements, { params: { id }, query: { limit: 500 } }),
    command: (id) => ['sessions', 'play', id, '--text'],
  },
  'its sealed recording is taken along': {
    leaves: /^recording\.viewed .*how=sealed/,
    ask: async (to, id) => {
      const response = await fetch(`${to.base}${session.saveRecording.path.replace(':id', id)}`, {
        headers: { 'x-claviger': '1', ...to.headers },
      })
      const { status } = response
      await response.arrayBuffer()
      return status === 200 ? { ok: true, value: undefined } : { ok: false, status, refusal: { code: 'saved', message: 'not' } }
    },
    command: (id, _wire, { claviger }) => ['sessions', 'save', id, '--out', `${claviger.work}/${id}.clvr`],
  },
}

export default Object.entries(looks).flatMap(([act, look]) =>
  rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
    act,
    leaves: [look.leaves],
    cells: inSessions(async (live, lane, path) => {
      await live.leave()
      await lane.sees((e) => e.act === 'session.ended' && e.fields.session === live.id)
      const { id } = live
      await by(lane, path, 'carol', { ask: (to) => look.ask(to, id, wire), command: look.command(id, wire, lane) })
      return 'over'
    }, notOpened[wire]),
  })),
)
