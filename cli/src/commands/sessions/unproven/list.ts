import { unproven as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import type { GlobalOptions } from '../../../kit/shell.ts'

interface Options extends GlobalOptions {
  session?: string
}

const tones: Record<api.InputOpening['state'], 'green' | 'yellow' | undefined> = {
  ...{ waiting: 'yellow', approved: 'green', withdrawn: undefined, over: undefined },
}

export const unprovenList: CommandFile = (cli, act) =>
  cli
    .command('list')
    .summary('what officers asked to see, and what became of it')
    .description('As a security officer or an auditor: the newest hundred.')
    .option('--session <id>', 'of one session')
    .addHelpText('after', examples({ 'claviger sessions unproven list': 'those of every session' }))
    .action(act(run))

const run: Run<Options> = async (shell, { session }) => {
  const { print } = shell
  const { openings } = await shell.get(call(shell.server, api.inputOpenings, { query: session === undefined ? {} : { session } }))
  print.answer({ openings }, () =>
    print.table(
      [
        { title: 'OPENING', value: (o) => o.id, style: () => 'bold' },
        { title: 'STATE', value: (o) => o.state, style: (o) => tones[o.state] },
        { title: 'SESSION', value: (o) => o.session },
        { title: 'TYPED BY', value: (o) => `${o.person} on ${o.account}` },
        { title: 'ASKED BY', value: (o) => o.askedBy },
        { title: 'APPROVED BY', value: (o) => o.approvedBy ?? '–' },
        { title: 'LOOKS', value: (o) => `${o.looks}/${o.mostLooks}` },
        { title: 'REASON', value: (o) => o.reason },
      ],
      openings,
      'Nobody asked to see what was typed unseen.',
    ),
  )
}
