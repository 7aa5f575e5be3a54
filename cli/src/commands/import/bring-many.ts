import { credentials as api, call } from '@claviger/api'
import type { Shell } from '../../kit/shell.ts'
import type { Done, Looked } from './looked.ts'

/** As many as one request takes, by number and by characters. */
const mostAtOnce = 50
const largestAtOnce = 6_000_000

/** Hands over what Claviger does not reach, as many with one code as a request takes. `codeFile`: of the first code; the others are asked for. */
export async function bringMany(shell: Shell, source: string, brought: readonly Looked[], codeFile: string | undefined): Promise<Done[]> {
  const done: Done[] = []
  for (const some of inBatches(brought)) {
    const asked = `Your code brings in ${some.length} of ${brought.length} credentials that are kept as they are`
    const given = await shell.ask.hidden(asked, done.length === 0 ? codeFile : undefined, '--code-file')
    const entries = some.flatMap(({ target, item }) => {
      const { account, credential: kind, secret: value, encoding, name } = item
      return target ? [{ target: target.id, account, kind, value, ...(encoding && { encoding }), ...(name !== undefined && { name }) }] : []
    })
    const body = { source, entries, code: given.replaceAll(' ', '') }
    const answer = await shell.get(call(shell.server, api.depositCredentials, { body }), 'Sealing them')
    some.forEach((one, at) => {
      const { outcome = 'failed', code = null, why = null } = answer.entries[at] ?? {}
      done.push({ ...one, outcome, code: code && why ? `${code}: ${why}` : code })
    })
  }
  return done
}

function inBatches(all: readonly Looked[]): Looked[][] {
  const batches: Looked[][] = []
  let room = 0
  for (const one of all) {
    const size = one.item.secret.length + 1000
    const last = batches.at(-1)
    if (!last || last.length === mostAtOnce || size > room) {
      batches.push([one])
      room = largestAtOnce - size
    } else {
      last.push(one)
      room -= size
    }
  }
  return batches
}
