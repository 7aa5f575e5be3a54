import type { Refusal } from '../../gateways/contract.ts'
import { judgeAct } from './judge-act.ts'
import type { Opening, OpenSessionDeps } from './opening.ts'

/** Words that every shell takes as they are: no quotes, no expansion, no second command. */
const words = /^[\w@%+=:,./-]+(?: +[\w@%+=:,./-]+)*$/

/** What a command is to policy. `NAME=value` before it would make another word the program: then it is not plain. */
export function commandAct(command: string) {
  const [program = ''] = command.trimStart().split(/\s/, 1)
  return { action: 'run', command: command.slice(0, 8192), program, plain: words.test(command) && !program.includes('=') } as const
}

/** A command without a shell is known before it runs: policy may refuse it, and then no credential is released for it. */
export async function judgeCommand(deps: OpenSessionDeps, { admitted, how, row, intent }: Opening): Promise<Refusal | undefined> {
  if (how.kind !== 'exec' || how.command === undefined) return undefined
  if (!row || !intent) throw new Error('the intent comes first')
  const judged = await judgeAct(
    deps,
    { session: row.id, person: admitted.person, account: row.account_id, intent },
    commandAct(how.command),
  )
  return judged.ok ? undefined : judged.error
}
