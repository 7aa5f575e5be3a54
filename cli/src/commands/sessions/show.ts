import { call, session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { stateStyle } from '../words.ts'
import { leftOf } from './list.ts'

export const sessionsShow: CommandFile = (cli, act) =>
  cli
    .command('show <session>')
    .summary('one session')
    .description('Shows one session: who, where, under which grant, and how it ended.')
    .addHelpText('after', examples({ 'claviger sessions show ses_4f9k2m7q1x': 'how it ended' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, id = '') => {
  const { print } = shell
  const shown = await shell.get(call(shell.server, session.getSession, { params: { id } }))
  const { person, recording } = shown
  print.answer({ session: shown }, () => {
    print.facts([
      ['session', shown.id],
      ['state', shown.state, stateStyle(shown)],
      ['who', `${person.displayName} (${person.name}) from ${shown.from}`, 'bold'],
      ['account', `${shown.account}@${shown.target}`, 'bold'],
      [
        'door',
        `${shown.door} ${shown.kind}${shown.way === 'web' ? ', in the browser' : ''}${shown.database === null ? '' : `, database ${shown.database}`}`,
      ],
      ['request', shown.request],
      ['grant', shown.grant],
      ['opened', print.time(shown.openedAt)],
      ['ended', shown.endedAt ? `${print.time(shown.endedAt)}: ${shown.endReason ?? '–'}` : 'not yet'],
      ...(shown.endsAt ? [['ends', `${print.time(shown.endsAt)}, in ${leftOf(shown, Date.now())}; ${atItsEnd(shown)}`] as const] : []),
      ...(shown.supervised
        ? [['supervised', shown.unobserved ? 'nobody watches: nothing passes' : 'nothing passes unless somebody watches'] as const]
        : []),
      ['exit status', shown.exitStatus === null ? '–' : String(shown.exitStatus)],
      ...(recording ? ([['lies in', recording.storedIn ?? 'the folder of the server that made it']] as const) : []),
      ['recording', recording ? `${recording.id}, ${recording.state}, ${spell(recording.seconds)}, ${recording.bytes} bytes` : 'none'],
    ])
    if (recording) print.next(`claviger sessions ${lookWith[shown.kind]} ${shown.id}`)
  })
}

const lookWith = { sql: 'statements', files: 'files', forward: 'forwards', shell: 'play', exec: 'play' } as const
/** What ends it sooner, and what becomes of what runs then. */
function atItsEnd({ idleSeconds, finishSeconds, kind, door }: session.Session): string {
  const idle = idleSeconds === null ? '' : `sooner after ${spell(idleSeconds)} without anything passing; `
  if (kind !== 'sql') return `${idle}what runs then is cut off`
  const how = finishSeconds ? `a statement that runs then may go on for ${spell(finishSeconds)}` : 'a statement that runs then is cut off'
  // its wire has no way to say anything before
  return `${idle}${how}${door === 'mysql' ? '; MySQL gives no warning' : ''}`
}
