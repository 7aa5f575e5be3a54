import { readLabPerson } from '../../codes/people.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const labPassword: CommandFile = (cli, act) =>
  cli
    .command('password <name>')
    .summary('the password of one of the people')
    .description("Prints the password of one of the lab's people.")
    .addHelpText('after', examples({ 'claviger lab password alice': 'for the sign-in page' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print, settings } = shell
  const { password } = readLabPerson(settings.data, name)
  print.answer({ name, password }, () => print.line(password))
}
