import type { FileAsked, JudgeFile, Refusal } from '../../gateways/contract.ts'
import type { SessionId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { SessionAct } from '../policy/index.ts'
import { type InSession, type JudgeDeps, judgeAct, refuseAct } from './judge-act.ts'

type Transfer = Extract<SessionAct, { action: 'transfer' }>

const directions: Partial<Record<FileAsked['op'], Transfer['direction']>> = { get: 'down', put: 'up' }
const any: Transfer = { action: 'transfer', op: 'get', direction: 'down', path: '/', bytes: 0 }
const notWhole =
  'Policy looks at paths here, and which file this is cannot be told. Name it whole, from / on, and without a pattern; links are not made.'
const notAsked = 'Policy could not be asked about this, so the answer is no. Try again; if it stays, tell an administrator.'

/** Whether policy says anything of transfers in this session, whatever is transferred. Asked once, so that no transfer waits where it does not. */
export async function filesAreJudged({ keeper }: Pick<JudgeDeps, 'keeper'>, session: SessionId): Promise<Result<boolean, Refusal>> {
  const judged = await keeper.ask('judge', { session, act: any })
  if (!judged.ok) return fail({ code: judged.error.code, say: judged.error.message })
  return ok(judged.value.rests || judged.value.consequence !== 'allow')
}

/** Whether there is a file of the person's machine that policy lets pass in this session of statements, now or once somebody else has said yes. */
export async function filesMayBeSent({ keeper }: Pick<JudgeDeps, 'keeper'>, session: SessionId): Promise<Result<boolean, Refusal>> {
  const judged = await keeper.ask('judge', { session, act: { ...any, op: 'put', direction: 'up' } })
  if (!judged.ok) return fail({ code: judged.error.code, say: judged.error.message })
  return ok(judged.value.rests || judged.value.consequence !== 'refuse')
}

/** Asks about each file of one session. A path that is not known whole is refused: a policy could not recognise it. */
export function judgeFiles(deps: JudgeDeps, of: InSession): JudgeFile {
  return async ({ op, path, or, bytes, allowedWithPut }, { only, ...meanwhile } = {}) => {
    const act: Transfer = { action: 'transfer', op, direction: directions[op] ?? 'none', path: path ?? '', bytes }
    try {
      if (only) return await wouldPass(deps, of.session, act)
      if (path === undefined || [path, or ?? ''].some((one) => Buffer.byteLength(one) > 4096))
        return await refuseAct(deps, of, act, [], notWhole)
      const judged = await judgeAct(deps, of, act, {
        ...meanwhile,
        ...(or !== undefined && { or: { ...act, path: or } }),
        ...(allowedWithPut && { allowed: true }),
      })
      if (!judged.ok) return judged
      const { until, asked } = judged.value
      return ok({ until, ...(asked && { asked }) })
    } catch {
      return fail({ code: 'session.not_judged', say: notAsked })
    }
  }
}

async function wouldPass({ keeper }: JudgeDeps, session: SessionId, act: Transfer): ReturnType<JudgeFile> {
  const judged = await keeper.ask('judge', { session, act })
  // what somebody else has to allow first passes less easily than what nobody is asked about
  if (!judged.ok || judged.value.consequence === 'refuse' || judged.value.consequence === 'ask')
    return fail({ code: 'session.act_refused', say: notAsked })
  return ok({ until: judged.value.until })
}
