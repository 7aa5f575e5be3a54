import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { policy as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const policySave: CommandFile = (cli, act) =>
  cli
    .command('save <folder>')
    .summary('write the policies in force into files')
    .description(
      'One .cedar file for each, to edit and to keep under version control. Refuses where one of them is there and says something else.',
    )
    .addHelpText('after', examples({ 'claviger policy save my-policies': 'then edit, and claviger policy test my-policies' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, folder = '') => {
  const { policies } = await shell.get(call(shell.server, api.policies))
  const forged = policies.find((p) => p.forged !== null)
  if (forged) throw new CliError('failed', `Policy ${forged.name} is not what was attested: ${forged.forged}`, 'claviger policy')
  mkdirSync(folder, { recursive: true })
  const active = policies.filter((p) => p.state === 'active')
  for (const { name, source } of active) write(join(folder, `${name}.cedar`), source)
  shell.print.answer({ folder, policies: active.map((p) => p.name) }, () => {
    shell.print.line(`${active.length} policies are in ${folder}.`, 'green')
    shell.print.next(`claviger policy test ${folder}`)
  })
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new CliError('usage', `${path} is there already.`, 'save into an empty folder')
    throw error
  }
}
