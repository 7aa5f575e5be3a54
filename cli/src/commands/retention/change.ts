import { retention as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { findTarget } from '../find.ts'
import { codeFile } from '../people/change.ts'
import { spellMonths } from './words.ts'

interface Options extends GlobalOptions {
  months?: number
  environment?: api.Applies['environments']
  tier?: string[]
  kind?: string[]
  target?: string[]
  everything?: true
  reason: string
  codeFile?: string
}
const environments = ['production', 'staging', 'development', 'lab'] as const

const withTerms = (command: ReturnType<CommandFile>) =>
  command
    .option('--months <n>', 'calendar months, such as 84 for seven years', wholeNumber('1 to 1200 months', 1, 1200))
    .addOption(new Option('--environment <environments...>', 'for targets of these').choices(environments))
    .addOption(new Option('--tier <tiers...>', 'for these tiers').choices(['0', '1', '2', '3']))
    .option('--kind <kinds...>', 'for these kinds of targets')
    .option('--target <targets...>', 'for these targets')
    .option('--everything', 'for all targets')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)

export const retentionChange: CommandFile = (cli, act) =>
  withTerms(
    cli
      .command('change <class>')
      .summary('say what a class keeps from now on')
      .description(
        'As a security officer: how long and for which targets. What is left out stays as it is; a shipped class is confirmed by it. What is recorded already is never kept shorter.',
      ),
  )
    .addHelpText(
      'after',
      examples({
        'claviger retention change sox --reason "agreed with the auditor"': 'confirm it as it is shipped',
        'claviger retention change pci --target shop-db --reason "card data"': 'name what falls into it',
      }),
    )
    .action(act(change))

export const retentionAdd: CommandFile = (cli, act) =>
  withTerms(
    cli
      .command('add <class>')
      .summary('make a class of your own')
      .description('As a security officer: a class with its own period, its anchor, and the targets that it is for.')
      .addOption(
        new Option('--from <event>', 'from when on it counts')
          .choices(['session_ended', 'grant_closed', 'account_removed', 'relationship_ended'])
          .default('session_ended'),
      ),
  )
    .addHelpText('after', examples({ 'claviger retention add partners --months 120 --target edge01 --reason "the contract"': 'ten years' }))
    .action(act(add))

export const retentionRetire: CommandFile = (cli, act) =>
  cli
    .command('retire <class>')
    .summary('have a class keep nothing that is new')
    .description('As a security officer: what was recorded while it was in force is kept as it was promised.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger retention retire partners --reason "the contract is over"': 'then type your code' }))
    .action(act(retire))

const change: Run<Options> = async (shell, options, name = '') => {
  const found = await classNamed(shell, name)
  const last = found.terms.at(-1)
  const now = last?.applies ?? { targets: null, tiers: null, environments: null, kinds: null }
  await say(shell, found, { months: options.months ?? last?.months ?? 12, applies: await appliesOf(shell, options, now) }, options)
}

const retire: Run<Options> = async (shell, options, name = '') => {
  const found = await classNamed(shell, name)
  await say(shell, found, { months: found.terms.at(-1)?.months ?? 12, applies: null }, options)
}

const add: Run<Options & { from: 'session_ended' }> = async (shell, options, name = '') => {
  if (options.months === undefined) throw new CliError('usage', 'Say for how many months: --months.', 'claviger retention add --help')
  const applies = await appliesOf(shell, options, { targets: [], tiers: null, environments: null, kinds: null })
  const { months, from: anchor, reason } = options
  const code = await codeFor(shell, options, `adds the class ${name}`)
  const added = await shell.get(call(shell.server, api.addRetentionClass, { body: { name, anchor, months, applies, reason, code } }))
  shell.print.answer(added, () => shell.print.line(`${name} keeps ${spellMonths(months)}.`, 'green'))
}

async function say(
  shell: Shell,
  { id, name }: api.RetentionClass,
  { months, applies }: { months: number; applies: api.Applies | null },
  options: Pick<Options, 'reason' | 'codeFile'>,
): Promise<void> {
  const code = await codeFor(shell, options, `changes the class ${name}`)
  const body = { months, applies, reason: options.reason, code }
  const changed = await shell.get(call(shell.server, api.changeRetentionClass, { params: { id }, body }))
  shell.print.answer(changed, () => {
    shell.print.line(applies === null ? `${name} keeps nothing that is new.` : `${name} keeps ${spellMonths(months)}.`, 'green')
    shell.print.hint('What is recorded already is kept as long as it was promised, or longer.')
  })
}

const codeFor = async (shell: Shell, { codeFile }: Pick<Options, 'codeFile'>, what: string) =>
  (await shell.ask.hidden(`Your code ${what}`, codeFile, '--code-file')).replaceAll(' ', '')

async function classNamed(shell: Shell, name: string): Promise<api.RetentionClass> {
  const { classes } = await shell.get(call(shell.server, api.retention))
  const found = classes.find((c) => c.name === name || c.id === name)
  if (!found) throw new CliError('usage', `There is no retention class ${name}.`, 'claviger retention list')
  return found
}

async function appliesOf(shell: Shell, options: Options, before: api.Applies): Promise<api.Applies> {
  if (options.everything) return { targets: null, tiers: null, environments: null, kinds: null }
  const { environment, tier, kind, target } = options
  const named = environment ?? tier ?? kind ?? target
  const targets = target && (await Promise.all(target.map(async (name) => (await findTarget(shell, name)).id)))
  return {
    // who names tiers or environments does not mean the empty list that was there
    targets: targets ?? (named && before.targets?.length === 0 ? null : before.targets),
    tiers: tier?.map(Number) ?? before.tiers,
    environments: environment ?? before.environments,
    kinds: kind ?? before.kinds,
  }
}
