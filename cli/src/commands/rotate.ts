import { call, inventory, rotation } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { findAccount } from './find.ts'
import { followBatch } from './follow-batch.ts'
import { stateStyle } from './words.ts'

interface Options extends GlobalOptions {
  reason: string
  target?: string
  touchedBy?: string
  compromised?: boolean
  detach?: boolean
}

export const rotate: CommandFile = (cli, act) =>
  cli
    .command('rotate [account@target...]')
    .summary('replace the credentials of accounts now')
    .description(
      'Generates a new credential, sets it on the target, proves it by a fresh login and sees the old one refused. The first time this takes the account over. What fails is tried again by itself. Several accounts are worked off one after the other on each target.',
    )
    .option('--reason <text>', 'why; it stands in the audit log', 'on demand')
    .option('--target <target>', 'every account of a target')
    .option('--touched-by <person>', 'every account that somebody ever had a session with')
    .option('--compromised', 'it may be in other hands: what runs with it ends, and nobody gets in until it is replaced')
    .option('--detach', 'with several: do not wait for their end')
    .addHelpText(
      'after',
      examples({
        'claviger rotate deploy@web01 --reason "laptop stolen"': 'now',
        'claviger rotate --touched-by bob --compromised --reason "bob left"': 'all that bob had in hand',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, ...names) => {
  const { target, touchedBy, reason, compromised = false } = options
  const ways = [names.length > 0, target !== undefined, touchedBy !== undefined].filter(Boolean).length
  if (ways !== 1) throw new CliError('usage', 'Say which: accounts, or --target, or --touched-by.', 'claviger rotate --help')
  const [only, ...others] = names
  if (only !== undefined && others.length === 0) return await rotateOne(shell, only, { reason, compromised })
  const choice =
    target !== undefined
      ? ({ by: 'target', name: target } as const)
      : touchedBy !== undefined
        ? ({ by: 'touched', person: touchedBy } as const)
        : ({ by: 'accounts', ids: await idsOf(shell, names) } as const)
  const ordered = await shell.get(call(shell.server, rotation.rotateMany, { body: { choice, reason, compromised } }))
  await followBatch(shell, ordered, options.detach === true)
}

async function idsOf(shell: Shell, names: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const name of names) ids.push((await findAccount(shell, name)).id)
  return ids
}

async function rotateOne(shell: Shell, where: string, body: { reason: string; compromised: boolean }): Promise<void> {
  const { print } = shell
  const account = await findAccount(shell, where)
  const asked = call(shell.server, inventory.rotateAccount, { params: { id: account.id }, body })
  const { rotations } = await shell.get(asked, `Rotating ${where}: set, prove, see the old one refused`)
  print.answer({ rotations }, () =>
    print.table(
      [
        { title: 'CREDENTIAL', value: (r) => `${r.credential} v${r.version}`, style: () => 'bold' },
        { title: 'STATE', value: (r) => r.state, style: stateStyle },
        { title: 'WHY', value: (r) => r.trigger },
        { title: 'PROVEN', value: (r) => print.time(r.verifiedAt) },
        { title: 'OLD ONE REFUSED', value: (r) => (r.oldValidUntil ? `after ${print.time(r.oldValidUntil)}` : print.time(r.oldRefusedAt)) },
        { title: 'REMOVED', value: (r) => r.removed.join(', ') || '–' },
      ],
      rotations,
      `Another attempt is under way, or it waits for its time: claviger rotations ${where}`,
    ),
  )
}
