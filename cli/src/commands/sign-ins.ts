import { call, people } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

interface Options extends GlobalOptions {
  endOthers?: boolean
  end?: string
}

export const signIns: CommandFile = (cli, act) =>
  cli
    .command('sign-ins')
    .summary('where you are signed in, and out of everywhere else')
    .description('Lists your sign-ins that hold: browsers, and tokens of the command line with when they were last used.')
    .option('--end-others', 'end all but this one')
    .option('--end <sign-in>', 'end one')
    .addHelpText('after', examples({ 'claviger sign-ins': 'yours', 'claviger sign-ins --end-others': 'lost a laptop?' }))
    .action(act(run))

const run: Run<Options> = async (shell, { endOthers, end }) => {
  const { print } = shell
  if (end !== undefined) await shell.get(call(shell.server, people.endMySignIn, { params: { id: end } }))
  if (endOthers) {
    const { ended } = await shell.get(call(shell.server, people.signOutOthers))
    print.hint(`Ended ${ended}.`)
  }
  const { signIns } = await shell.get(call(shell.server, people.mySignIns))
  print.answer({ signIns }, () =>
    print.table(
      [
        { title: 'SIGN-IN', value: (s) => s.id },
        { title: 'HOW', value: (s) => (s.current ? `${s.kind}, this one` : s.kind), style: (s) => (s.current ? 'bold' : undefined) },
        { title: 'FROM', value: (s) => s.source },
        { title: 'SINCE', value: (s) => print.time(s.createdAt) },
        { title: 'LAST USED', value: (s) => print.time(s.lastSeenAt) },
        { title: 'UNTIL', value: (s) => print.time(s.expiresAt) },
      ],
      signIns,
      'You are signed in nowhere.',
    ),
  )
}
