import { Argument, type Command } from 'commander'
import { bashScript, zshScript } from '../completion/scripts.ts'
import { wordsOf } from '../completion/words.ts'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

export const completion: CommandFile = (cli, act) =>
  cli
    .command('completion')
    .summary('completion for bash or zsh')
    .description('Prints a script that teaches your shell the commands and options.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      examples({ 'eval "$(claviger completion bash)"': 'in ~/.bashrc', 'eval "$(claviger completion zsh)"': 'in ~/.zshrc' }),
    )
    .action(act(run(cli)))

const run =
  (program: Command): Run<GlobalOptions> =>
  async ({ print }, _options, shell = '') => {
    const script = (shell === 'bash' ? bashScript : zshScript)(wordsOf(program))
    print.answer({ shell, script }, () => print.raw(script))
  }
