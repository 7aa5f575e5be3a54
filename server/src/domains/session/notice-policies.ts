import type { CutReason } from '../../gateways/contract.ts'
import { policyLooks } from './look-ahead.ts'
import type { Opening, OpenSessionDeps } from './opening.ts'

/** How often it is looked besides, should nobody have told of a change. */
const everyMs = 60_000
const againMs = 2_000
/** So often it is looked after a change: the database may tell of it before the ledger has it, on whose word alone the keeper goes. */
const looksAfterChange = 3

/**
 * Where policy had nothing to say of what is done in a session, nothing in it is asked about. Policies that are added while it runs hold it too: as soon as
 * they look at what it does it ends, and the next one is judged from its first act. It is not judged from here on, because statements that are prepared
 * and files that are open would pass all the same.
 */
export function noticePolicies(
  deps: OpenSessionDeps,
  { row, how, judgesFiles, judgesQueries, policiesSeen }: Required<Opening>,
  cut: (reason: CutReason) => void,
): { look(): void; stop(): void } {
  if (judgesFiles || judgesQueries || (how.kind !== 'files' && how.kind !== 'sql')) return { look() {}, stop() {} }
  let stopped = false
  let looking = false
  let left = 0
  let timer: NodeJS.Timeout
  const later = (ms: number) => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(look, ms).unref()
  }
  const ask = async (): Promise<boolean> => {
    try {
      const looks = await policyLooks(deps, row.id, how)
      if (looks.ok && looks.value && !stopped) cut('policy_changed')
      return looks.ok
    } catch (error) {
      deps.log(`policies could not be asked about a session that runs: ${String(error)}`)
      return false
    }
  }
  const look = (): void => {
    if (looking || stopped) return
    looking = true
    left -= 1
    void ask().then((known) => {
      looking = false
      later(known && left <= 0 ? everyMs : againMs)
    })
  }
  const changed = (): void => {
    left = looksAfterChange
    look()
  }
  // what was changed between the first question and now reached nobody
  if (deps.running.policies === policiesSeen) later(everyMs)
  else changed()
  return {
    look: changed,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
