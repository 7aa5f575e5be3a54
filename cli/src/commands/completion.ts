import { Argument, type Command } from 'commander'
import { bashScript, fishScript, zshScript } from '../completion/scripts.ts'
import { wordsOf } from '../completion/words.ts'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }

export const completion: CommandFile = (cli, act) =>
  cli
    .command('completion')
    .summary('completion for bash, zsh or fish')
    .description(
      'Prints a script that teaches your shell the commands and options, and where you are signed in the names of targets, accounts, requests, sessions, grants and people.',
    )
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      examples({
        'eval "$(claviger completion bash)"': 'in ~/.bashrc',
        'eval "$(claviger completion zsh)"': 'in ~/.zshrc',
        'claviger completion fish | source': 'in ~/.config/fish/config.fish',
      }),
    )
    .action(act(run(cli)))

const run =
  (program: Command): Run<GlobalOptions> =>
  async ({ print }, _options, shell = '') => {
    const script = scripts[shell as keyof typeof scripts](wordsOf(program))
    print.answer({ shell, script }, () => print.raw(script))
  }
