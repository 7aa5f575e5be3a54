import { access, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { spell } from '../kit/times.ts'
import { requestFacts } from './request-facts.ts'
import { stateStyle, tierStyle } from './words.ts'

interface Options extends GlobalOptions {
  mine?: boolean
  inbox?: boolean
  state?: access.AccessRequest['state']
  ticket?: string
}

export const requests: CommandFile = (cli, act) =>
  cli
    .command('requests [request]')
    .summary('requests that you made, may decide, or may see')
    .description('Lists requests, newest first, or shows one in full.')
    .addOption(new Option('--mine', 'those that I made').conflicts('inbox'))
    .option('--inbox', 'those that wait for my decision')
    .addOption(new Option('--state <state>').choices(['waiting', 'approved', 'denied', 'withdrawn', 'expired', 'void']))
    .option('--ticket <id>', 'those that name this ITSM ticket')
    .addHelpText(
      'after',
      examples({
        'claviger requests --inbox': 'what waits for me',
        'claviger requests --ticket CHG0012345': 'what was asked under one change',
        'claviger requests req_4f9k2m7q1x': 'everything about one',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { mine, inbox, state, ticket }, id) => {
  const { print } = shell
  if (id !== undefined) return await showOne(shell, id)
  const view = mine ? 'mine' : inbox ? 'inbox' : 'all'
  const query = { view, ...(state && { state }), ...(ticket !== undefined && { ticket }), limit: 100 } as const
  const { requests } = await shell.get(call(shell.server, access.requests, { query }))
  print.answer({ requests }, () => {
    print.table(
      [
        { title: 'REQUEST', value: (r) => r.id },
        { title: 'STATE', value: (r) => r.state, style: stateStyle },
        { title: 'WHO', value: (r) => r.requester.name, style: () => 'bold' },
        { title: 'ACCOUNT', value: (r) => `${r.account.name}@${r.target.name}`, style: () => 'bold' },
        { title: 'TIER', value: (r) => r.account.tierLabel, style: (r) => tierStyle(r.account) },
        { title: 'FOR', value: (r) => spell(r.seconds) },
        { title: 'ASKED', value: (r) => print.time(r.createdAt) },
        { title: 'TICKET', value: (r) => r.itsmTicket ?? '–' },
        { title: 'REASON', value: (r) => r.reason },
      ],
      requests,
      inbox ? 'Nothing waits for you.' : 'There are no requests.',
    )
    if (inbox && requests[0]) print.next(`claviger approve ${requests[0].id}`)
  })
}

async function showOne(shell: Shell, id: string): Promise<void> {
  const request = await shell.get(call(shell.server, access.getRequest, { params: { id } }))
  shell.print.answer({ request }, () => shell.print.facts(requestFacts(shell.print, request)))
}
