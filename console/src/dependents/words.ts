import type { dependents } from '@claviger/api'
import type { Tone } from '../words/access.ts'

type Dependent = dependents.Dependent

/** What is done on the host, in the order in which it is. */
export function howInWords({ file, run, unit, check }: Dependent['how']): string {
  const steps = [
    ...(file ? [file.line === undefined ? `writes ${file.path}` : `writes “${file.line}” in ${file.path}`] : []),
    ...(run ? [run.user === undefined ? `runs ${run.command}` : `runs ${run.command} as ${run.user}`] : []),
    ...(unit === undefined ? [] : [`restarts ${unit}`]),
    ...(check === undefined ? [] : [`checks with ${check}`]),
  ]
  return steps.join(', then ')
}

/** Whether it knows the newest credential, in a word. */
export function newsState({ state, news, failures, version, toldVersion }: Dependent): { word: string; tone: Tone } {
  if (state === 'proposed') return { word: 'To be confirmed', tone: 'wait' }
  if (news === null) return { word: 'Not told yet', tone: 'wait' }
  if (news === 'done') return { word: `Knows v${toldVersion}`, tone: 'good' }
  return failures > 0 ? { word: `Does not know v${version}`, tone: 'bad' } : { word: `To be told of v${version}`, tone: 'wait' }
}
