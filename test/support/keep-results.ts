import { call, policy } from '@claviger/api'
import type { Claviger } from './claviger.ts'
import { must, type Person, withCode } from './person.ts'

/** Policy has the first rows of what statements give back kept from now on: one officer says so on every permit that lets people in, another approves. */
export async function keepResults(claviger: Claviger, second: Person, size: string): Promise<void> {
  const carol = await claviger.person('carol')
  const { policies } = must(await call(carol.api, policy.policies))
  const changed = policies
    .filter((p) => p.state === 'active' && p.effect === 'permit' && /Action::"connect"/.test(p.source))
    .map((p) => ({ name: p.name, text: p.source.replace('@approvals', `@results("${size}") @approvals`) }))
  const { id } = await withCode(carol.code, (code) =>
    call(carol.api, policy.proposePolicies, { body: { policies: changed, reason: 'What statements give back is kept', code } }),
  )
  await withCode(second.code, (code) => call(second.api, policy.approvePolicies, { params: { id }, body: { code } }))
}
