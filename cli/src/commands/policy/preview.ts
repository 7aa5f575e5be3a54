import { policy as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { readPolicies } from './read-policies.ts'
import { showEffects } from './show-effects.ts'

export interface WhichPolicies extends GlobalOptions {
  retire: string[]
}

export const retire = [
  '--retire <policy>',
  'that this one is no longer in force; may be repeated',
  (one: string, all: string[]) => [...all, one],
  [] as string[],
] as const

export const policyTest: CommandFile = (cli, act) =>
  cli
    .command('test [paths...]')
    .summary('whether policies load, and who would gain and lose by them')
    .description('Reads .cedar files, or folders of them, and asks the server what would become different. Changes nothing.')
    .option(...retire)
    .addHelpText(
      'after',
      examples({ 'claviger policy test my-policies': 'a folder', 'claviger policy test --retire tier-3-elsewhere': 'one less' }),
    )
    .action(act(run))

const run: Run<WhichPolicies> = async (shell, options, ...paths) => {
  const policies = readPolicies(paths, options.retire)
  const preview = await shell.get(call(shell.server, api.previewPolicies, { body: { policies } }))
  shell.print.answer(preview, () => {
    showEffects(shell.print, preview)
    shell.print.next(`claviger policy propose ${[...paths, ...options.retire.map((name) => `--retire ${name}`)].join(' ')} --reason "…"`)
  })
}
