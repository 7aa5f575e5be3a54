import type { AccountId, PersonId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import { type ActivationRow, type DrillStep, keepSteps } from './activation.store.ts'
import { type EndActivationDeps, endActivation } from './end-activation.ts'
import { drillDone } from './events.ts'

export interface DrillDeps extends EndActivationDeps {
  /** Logs in to the target with each credential that custodians opened; what the target said of each, or why none was tried. */
  logsIn: (account: AccountId, by: PersonId) => Promise<{ credential: string; version: number; code: string | null }[] | string>
}

/**
 * What a machine can check of a rehearsal, in the order of an emergency: two people and custodians came, the alarm stands in the ledger marked as a
 * drill, what they opened logs in, and it is checked in. Nobody sees the credential, and it is rotated like after any activation.
 */
export async function runDrill(deps: DrillDeps, drill: ActivationRow, came: { custodians: number; alarm: boolean }): Promise<DrillStep[]> {
  const begun = deps.now().getTime()
  const steps: DrillStep[] = []
  const add = (step: string, good: boolean, detail: string, since: number) =>
    steps.push({ step, ok: good, detail, seconds: Math.round((deps.now().getTime() - since) / 100) / 10 })
  const [account] = drill.accounts
  add('people', true, `two people, and ${came.custodians} custodians`, drill.created_at.getTime())
  add('alarm', came.alarm, came.alarm ? 'signed in the ledger, marked as a drill' : 'there is no signed alarm in the ledger', begun)
  const tried = account === undefined ? 'it has no account' : await deps.logsIn(account, drill.requester_id).catch(String)
  const results = typeof tried === 'string' ? [] : tried
  const works = results.length > 0 && results.every((one) => one.code === null)
  const said = results.map((one) => `${one.credential} v${one.version}: ${one.code ?? 'logs in'}`).join('; ')
  add('login', works, typeof tried === 'string' ? tried : said || 'nothing was opened', begun)
  const ended = await endActivation(deps, null, drill.id, 'the drill is over')
  add('check-in', ended.ok, ended.ok ? 'ended, and a rotation is ordered' : `could not be ended: ${ended.error.code}`, begun)
  await deps.audit.act({ act: 'breakglass.drill', by: drill.requester_id, about: { activation: drill.id } }, async ({ tx, record }) => {
    await keepSteps(tx, drill.id, steps)
    const passed = steps.every((step) => step.ok)
    const seconds = Math.round((deps.now().getTime() - drill.created_at.getTime()) / 1000)
    await record(
      drillDone({
        activation: drill.id,
        account: account ?? null,
        passed,
        steps: steps.map((s) => ({ ...s })),
        seconds,
        tells: ['security'],
      }),
    )
    return ok(undefined)
  })
  return steps
}
