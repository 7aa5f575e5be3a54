import { call, rotation } from '@claviger/api'
import type { Shell } from '../kit/shell.ts'

const widest = 40

/** What falls due by its age, day by day: a bar each. */
export async function showPlan(shell: Shell): Promise<void> {
  const { print } = shell
  const plan = await shell.get(call(shell.server, rotation.rotationPlan, { query: { days: 90 } }))
  print.answer({ plan }, () => {
    print.facts([
      ['overdue', String(plan.overdue), plan.overdue > 0 ? 'yellow' : undefined],
      ['refused by their target', String(plan.drifted), plan.drifted > 0 ? 'red' : undefined],
      ['held', String(plan.held), plan.held > 0 ? 'red' : undefined],
      ['after 90 days', String(plan.later)],
    ])
    print.line('')
    const most = Math.max(1, ...plan.days.map((d) => d.rotations))
    print.table(
      [
        { title: 'DAY', value: (d) => d.from.slice(0, 10) },
        { title: 'REPLACED', value: (d) => String(d.rotations) },
        { title: 'TRIED', value: (d) => String(d.verifications) },
        { title: '', value: (d) => '█'.repeat(Math.ceil((widest * d.rotations) / most)) },
      ],
      plan.days.filter((d) => d.rotations + d.verifications > 0),
      'Nothing falls due in 90 days.',
    )
    const [next] = plan.next
    if (next) print.next(`claviger accounts plan ${next.account.name}@${next.account.target}`)
  })
}
