import { rotation as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'
import { findAccount } from './find.ts'
import { followBatch } from './follow-batch.ts'
import { collectPages } from './pages.ts'
import { showBatches } from './show-batches.ts'
import { showPlan } from './show-plan.ts'
import { stateStyle } from './words.ts'

interface Options extends GlobalOptions {
  account?: string
  batch?: string
  batches?: boolean
  plan?: boolean
  state: 'open' | 'held' | 'done'
}

export const rotations: CommandFile = (cli, act) =>
  cli
    .command('rotations')
    .summary('what is to be rotated, when, and why it is not yet')
    .description(
      'Lists the rotations that are ordered: by hand, by age, after a grant, or because one did not come to its end. One that failed is tried again by itself, ever more slowly; a held one waits for somebody.',
    )
    .option('--account <account@target>', 'those of one account')
    .option('--batch <batch>', 'how far a rotation of several accounts is')
    .option('--batches', 'what people ordered of several accounts, lately')
    .option('--plan', 'how many fall due by age on each of the next 90 days')
    .addOption(new Option('--state <state>').choices(['open', 'held', 'done']).default('open'))
    .addHelpText(
      'after',
      examples({
        'claviger rotations': 'what is due',
        'claviger rotations --plan': 'what falls due',
        'claviger rotations --state held': 'what waits for you',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { account: name, state, batch, batches, plan }) => {
  const { print } = shell
  if (plan) return await showPlan(shell)
  if (batches) return await showBatches(shell)
  if (batch !== undefined)
    return await followBatch(shell, await shell.get(call(shell.server, api.rotationBatch, { params: { id: batch } })), true)
  const account = name === undefined ? undefined : (await findAccount(shell, name)).id
  const orders = await collectPages(async (after) => {
    const query = { state, limit: 500, ...(account && { account }), ...(after && { after }) }
    const page = await shell.get(call(shell.server, api.rotationOrders, { query }))
    return { rows: page.orders, next: page.next }
  })
  print.answer({ orders }, () => {
    print.table(
      [
        { title: 'ACCOUNT', value: (o) => `${o.account.name}@${o.account.target}`, style: () => 'bold' },
        { title: 'STATE', value: (o) => o.state, style: stateStyle },
        { title: 'WHY', value: (o) => o.trigger },
        { title: 'NEXT TRY', value: (o) => (o.state === 'waiting' ? print.time(o.dueAt) : '–') },
        { title: 'FAILED', value: (o) => (o.failures > 0 ? `${o.failures}×` : '–'), style: (o) => (o.failures > 2 ? 'red' : undefined) },
        { title: 'BECAUSE', value: (o) => o.error ?? '–' },
        { title: 'ORDERED BY', value: (o) => o.orderedBy ?? '–' },
      ],
      orders,
      state === 'open' ? 'Nothing is to be rotated.' : 'No rotation is like that.',
    )
    const held = orders.find((o) => o.state === 'held')
    if (held) print.next(`claviger accounts reconcile ${held.account.name}@${held.account.target}`)
  })
}
