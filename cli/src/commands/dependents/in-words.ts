import type { dependents } from '@claviger/api'

type Dependent = dependents.Dependent

/** What is done on the host, in the order in which it is. */
export function howInWords({ file, run, unit, check }: Dependent['how']): string {
  return [
    ...(file ? [file.line === undefined ? `write ${file.path}` : `write "${file.line}" in ${file.path}`] : []),
    ...(run ? [run.user === undefined ? `run ${run.command}` : `run ${run.command} as ${run.user}`] : []),
    ...(unit === undefined ? [] : [`restart ${unit}`]),
    ...(check === undefined ? [] : [`check with ${check}`]),
  ].join(', ')
}

/** Whether it knows the newest credential. */
export function newsOf({ state, news, toldVersion, version, failures }: Dependent): string {
  if (state === 'proposed') return 'proposed'
  if (news === null) return 'not told yet'
  if (news === 'done') return `knows v${toldVersion}`
  return failures > 0 ? `not told of v${version}, failed ${failures}×` : `to be told of v${version}`
}
