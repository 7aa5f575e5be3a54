import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { tierStyle } from '../words.ts'

const words = ['critical', 'high', 'standard', 'low']

export const accountsStanding: CommandFile = (cli, act) =>
  cli
    .command('standing')
    .summary('how much privileged access stands open, tier by tier')
    .description(
      'Counts the privileged accounts by tier: standing (known, but not taken over), held (may not be used) and vaulted (open just in time only).',
    )
    .addHelpText('after', examples({ 'claviger accounts standing': 'the picture of the home page, in numbers' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const standing = await shell.get(call(shell.server, inventory.standing))
  const sum = (tier: number, state: string) =>
    standing.counts.filter((c) => c.tier === tier && c.state === state).reduce((n, c) => n + c.accounts, 0)
  const rows = words.map((word, tier) => ({
    tier,
    tierLabel: `Tier ${tier} · ${word}`,
    ...{ found: sum(tier, 'found'), held: sum(tier, 'held'), managed: sum(tier, 'managed') },
  }))
  print.answer(standing, () =>
    print.table(
      [
        { title: 'TIER', value: (r) => r.tierLabel, style: tierStyle },
        { title: 'STANDING', value: (r) => String(r.found), style: (r) => (r.found > 0 ? 'yellow' : 'dim') },
        { title: 'HELD', value: (r) => String(r.held), style: (r) => (r.held > 0 ? 'red' : 'dim') },
        { title: 'VAULTED', value: (r) => String(r.managed), style: (r) => (r.managed > 0 ? 'green' : 'dim') },
      ],
      rows,
      'No privileged account is known yet.',
    ),
  )
}
