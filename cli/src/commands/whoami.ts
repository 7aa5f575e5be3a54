import { call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

export const whoami: CommandFile = (cli, act) =>
  cli
    .command('whoami')
    .summary('who you are to the server, and until when')
    .description('Asks the server who you are: groups, how long the sign-in holds, and how the server is sealed.')
    .addHelpText('after', examples({ 'claviger whoami': 'at a glance', 'claviger whoami --json': 'for a script' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const me = await shell.get(call(shell.server, identity.me))
  const { person, signIn } = me
  print.answer(me, () =>
    print.facts([
      ['name', person.name, 'bold'],
      ['who', person.displayName],
      ['groups', person.groups.join(', ') || 'none'],
      ['server', me.lab ? `${shell.base} (lab)` : shell.base],
      ['seal', me.seal, me.seal === 'dev' ? 'yellow' : undefined],
      ['until', print.time(signIn.expiresAt)],
      ['idle until', print.time(signIn.idleAt)],
    ]),
  )
}
