import { call, session } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { stateStyle } from '../words.ts'

interface Options extends GlobalOptions {
  state?: 'running' | 'ended'
}

export const sessionsList: CommandFile = (cli, act) =>
  cli
    .command('list', { isDefault: true })
    .summary('sessions that you made or may see, newest first')
    .description('Lists sessions, newest first.')
    .addOption(new Option('--state <state>').choices(['running', 'ended']))
    .addHelpText('after', examples({ 'claviger sessions list --state running': 'who is in now' }))
    .action(act(run))

const run: Run<Options> = async (shell, { state }) => {
  const { print } = shell
  const { sessions } = await shell.get(call(shell.server, session.sessions, { query: { ...(state && { state }), limit: 100 } }))
  print.answer({ sessions }, () =>
    print.table(
      [
        { title: 'SESSION', value: (s) => s.id },
        { title: 'STATE', value: (s) => s.state, style: stateStyle },
        { title: 'WHO', value: (s) => s.person.name, style: () => 'bold' },
        { title: 'ACCOUNT', value: (s) => `${s.account}@${s.target}`, style: () => 'bold' },
        { title: 'KIND', value: (s) => `${s.door} ${s.kind}` },
        { title: 'OPENED', value: (s) => print.time(s.openedAt) },
        { title: 'LENGTH', value: (s) => (s.recording ? spell(s.recording.seconds) : '–') },
        { title: 'ENDED BY', value: (s) => s.endReason ?? '–' },
      ],
      sessions,
      'There are no sessions.',
    ),
  )
}
