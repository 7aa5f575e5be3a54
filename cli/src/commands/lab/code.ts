import { handOutCode } from '../../codes/hand-out.ts'
import { readLabPerson } from '../../codes/people.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const labCode: CommandFile = (cli, act) =>
  cli
    .command('code <name>')
    .summary('a code from the authenticator of one of the people')
    .description(
      'Prints a current code. The server takes each code once, so none is handed out twice: the third within a minute is waited for.',
    )
    .addHelpText(
      'after',
      examples({ 'claviger lab code alice': 'six digits', 'claviger lab code bob | claviger approve REQUEST --code-file -': 'at once' }),
    )
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print, settings } = shell
  const { totpSecret } = readLabPerson(settings.data, name)
  const onWait = (seconds: number) => print.hint(`The codes of now are used. Waiting ${seconds} s for the next one …`)
  const { code, validMs } = await handOutCode(settings.data, name, totpSecret, { onWait })
  print.answer({ name, code, validSeconds: Math.floor(validMs / 1000) }, () => print.line(code))
}
