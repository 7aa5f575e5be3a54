import type { Refusal } from '../../gateways/contract.ts'
import { createHolding } from './asks/hold-act.ts'
import { reachWhileHeld } from './asks/reach-while-held.ts'
import { inSessionOf } from './in-session.ts'
import { judgeAct, refuseAct } from './judge-act.ts'
import { filesAreJudged } from './judge-files.ts'
import type { Opening, OpenSessionDeps } from './opening.ts'

/** Words that every shell takes as they are: no quotes, no expansion, no second command. */
const words = /^[\w@%+=:,./-]+(?: +[\w@%+=:,./-]+)*$/

/** What a command is to policy. `NAME=value` before it would make another word the program: then it is not plain. */
export function commandAct(command: string) {
  const [program = ''] = command.trimStart().split(/\s/, 1)
  return { action: 'run', command: command.slice(0, 8192), program, plain: words.test(command) && !program.includes('=') } as const
}

/** A command without a shell is known before it runs: policy may refuse it, and then no credential is released for it. */
export async function judgeCommand(deps: OpenSessionDeps, so: Opening): Promise<Refusal | undefined> {
  const { how, row } = so
  if (how.kind !== 'exec' || how.command === undefined) return undefined
  if (!row) throw new Error('the intent comes first')
  const holding = createHolding(deps)
  const of = inSessionOf(so, holding)
  const act = commandAct(how.command)
  const reached = reachWhileHeld(deps, so, holding)
  const judged = await judgeAct(deps, of, act, so.meanwhile).finally(reached.leave)
  if (!judged.ok) return judged.error
  if (reached.ended) return { code: 'session.ended_early', say: 'The session was ended before it began. Connect again.' }
  if (!startsTransfer(how.command)) return undefined
  // as a command it would carry files of which nobody sees which they are
  const files = await filesAreJudged(deps, row.id)
  if (!files.ok) return files.error
  if (!files.value) return undefined
  const refused = await refuseAct(deps, of, act, [], unseen)
  return refused.ok ? undefined : refused.error
}

const unseen =
  'Policy looks at files here, and those of this command cannot be seen. Use sftp, or scp, with whole paths and without patterns or quotes.'

/** The far ends of scp and SFTP, however they are called, where they were not recognised as transfers. Who wants to hide them can: see the docs. */
export const startsTransfer = (command: string): boolean =>
  /\bsftp-server\b/.test(command) || (/\bscp\b/.test(command) && /\s['"\\]*-\w*[tf]/.test(command))
