import { call, policy } from '@claviger/api'
import type { Claviger } from './claviger.ts'
import { must, type Person, withCode } from './person.ts'

/** Policies beside those in force: carol proposes them, and another officer approves. */
export async function addPolicies(
  claviger: Claviger,
  second: Person,
  added: readonly { name: string; text: string }[],
  reason: string,
): Promise<void> {
  const carol = await claviger.person('carol')
  const { policies } = must(await call(carol.api, policy.policies))
  const wanted = policies.filter((p) => p.state === 'active').map((p) => ({ name: p.name, text: p.source }))
  const { id } = await withCode(carol.code, (code) =>
    call(carol.api, policy.proposePolicies, { body: { policies: [...wanted, ...added], reason, code } }),
  )
  await withCode(second.code, (code) => call(second.api, policy.approvePolicies, { params: { id }, body: { code } }))
}
