import { live as api, follow } from '@claviger/api'
import { root } from '../../support/claviger.ts'
import { must } from '../../support/person.ts'
import { startProgram } from '../../support/process.ts'
import { until } from '../../support/until.ts'
import { cliFolder, type Lane } from '../lane.ts'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'
import type { Path } from '../ways.ts'

/** Watches from the moment it is answered until `leave`. */
async function watch(lane: Lane, path: Path, id: string, covert: string | undefined): Promise<{ leave(): void }> {
  if (path === 'cli') {
    const { claviger } = lane
    const args = ['sessions', 'watch', id, '--json', ...(covert === undefined ? [] : ['--covert', covert])]
    const env = { ...claviger.env, CLAVIGER_SERVER: claviger.base, CLAVIGER_CONFIG: cliFolder(claviger, 'carol') }
    const program = startProgram(process.execPath, [`${root}/cli/src/main.ts`, ...args], { seconds: 280, env })
    await until(
      () => `claviger to watch. It said ${program.said()}`,
      () => program.out().includes('"now"'),
    )
    return { leave: () => void program.child.kill('SIGINT') }
  }
  const leaving = new AbortController()
  const to = path === 'web' ? lane.browser(lane.carol) : lane.carol.api
  const body = covert === undefined ? {} : { covert: { reason: covert } }
  const events = must(await follow(to, api.watchSession, { params: { id }, body }, leaving.signal))
  for (let event = await events.next(); !event.done && event.value.kind !== 'now'; ) event = await events.next()
  return { leave: () => leaving.abort() }
}

export default Object.entries({ 'watched, announced': undefined, 'watched covertly': 'suspected theft' }).flatMap(([act, covert]) =>
  rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
    act,
    leaves: [covert === undefined ? /^session\.watching .*kind=announced/ : /^session\.watching .*kind=covert/, /^session\.watched/],
    cells: inSessions(async (live, lane, path) => {
      const watching = await watch(lane, path, live.id, covert)
      await live.run(wire === 'ssh' ? 'echo seen-$((6*7))' : "select concat('seen-', 6 * 7)")
      await live.shows(/seen-42/)
      watching.leave()
      await lane.sees('session.watched')
    }, notOpened[wire]),
  })),
)
