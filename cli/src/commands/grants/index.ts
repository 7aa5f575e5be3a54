import { access, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { type PageOptions, paged, pageOf, sayMore } from '../../kit/paging.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { stateStyle } from '../words.ts'
import { grantsEnd } from './end.ts'

interface Options extends GlobalOptions, PageOptions {
  state?: access.Grant['state']
}

/** `claviger grants` lists; `claviger grants end` ends one. */
export const grants: CommandFile = (cli, act) => {
  const group = paged(
    cli
      .command('grants')
      .summary('who may use what, until when')
      .description('Lists grants, newest first: those that run, have ended, or became void.')
      .addOption(new Option('--state <state>').choices(['active', 'ended', 'void'])),
    'grant',
  )
    .addHelpText('after', examples({ 'claviger grants --state active': 'what is open now' }))
    .action(act(run))
  grantsEnd(group, act)
  return group
}

const run: Run<Options> = async (shell, options) => {
  const { state } = options
  const { print } = shell
  const { grants } = await shell.get(call(shell.server, access.grants, { query: { ...pageOf(options), ...(state && { state }) } }))
  print.answer({ grants }, () => {
    print.table(
      [
        { title: 'GRANT', value: (g) => g.id },
        { title: 'STATE', value: (g) => g.state, style: stateStyle },
        { title: 'PERSON', value: (g) => g.person.name, style: () => 'bold' },
        { title: 'ACCOUNT', value: (g) => `${g.account}@${g.target}`, style: () => 'bold' },
        { title: 'FROM', value: (g) => print.time(g.startsAt) },
        { title: 'UNTIL', value: (g) => print.time(g.endedAt ?? g.endsAt) },
        { title: 'WHY ENDED', value: (g) => g.endReason ?? '–' },
      ],
      grants,
      'There are no grants.',
    )
    sayMore(print, 'grants', options, grants.length, grants.at(-1)?.id)
  })
}
