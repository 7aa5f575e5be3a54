import { access, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { type PageOptions, paged, pageOf, sayMore } from '../kit/paging.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { spell } from '../kit/times.ts'
import { requestFacts } from './request-facts.ts'
import { stateStyle, tierStyle } from './words.ts'

interface Options extends GlobalOptions, PageOptions {
  mine?: boolean
  inbox?: boolean
  decided?: boolean
  state?: access.AccessRequest['state']
  ticket?: string
}

export const requests: CommandFile = (cli, act) =>
  paged(
    cli
      .command('requests [request]')
      .summary('requests that you made, may decide, or may see')
      .description('Lists requests, newest first, or shows one in full.')
      .addOption(new Option('--mine', 'those that I made').conflicts(['inbox', 'decided']))
      .addOption(new Option('--inbox', 'those that wait for my decision').conflicts('decided'))
      .option('--decided', 'those that wait for nobody any more')
      .addOption(new Option('--state <state>').choices(['waiting', 'approved', 'denied', 'withdrawn', 'expired', 'void']))
      .option('--ticket <id>', 'those that name this ITSM ticket'),
    'request',
  )
    .addHelpText(
      'after',
      examples({
        'claviger requests --inbox': 'what waits for me',
        'claviger requests --ticket CHG0012345': 'what was asked under one change',
        'claviger requests req_4f9k2m7q1x': 'everything about one',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, id) => {
  const { print } = shell
  const { mine, inbox, decided, state, ticket } = options
  if (id !== undefined) return await showOne(shell, id)
  const view = mine ? 'mine' : inbox ? 'inbox' : decided ? 'decided' : 'all'
  const query = { view, ...pageOf(options), ...(state && { state }), ...(ticket !== undefined && { ticket }) } as const
  const { requests } = await shell.get(call(shell.server, access.requests, { query }))
  print.answer({ requests }, () => {
    print.table(
      [
        { title: 'REQUEST', value: (r) => r.id },
        { title: 'STATE', value: (r) => r.state, style: stateStyle },
        { title: 'PERSON', value: (r) => r.requester.name, style: () => 'bold' },
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
    sayMore(print, 'requests', options, requests.length, requests.at(-1)?.id)
    if (inbox && requests[0]) print.next(`claviger approve ${requests[0].id}`)
  })
}

async function showOne(shell: Shell, id: string): Promise<void> {
  const request = await shell.get(call(shell.server, access.getRequest, { params: { id } }))
  shell.print.answer({ request }, () => shell.print.facts(requestFacts(shell.print, request)))
}
