import { people as api, call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile, whom } from './change.ts'
import { sayLink } from './invite.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

export const peopleReinvite: CommandFile = (cli, act) =>
  cli
    .command('reinvite <person>')
    .summary('a new link for who has not enrolled: the one before was lost or has expired')
    .description('The link before is good for nothing any more. Name and groups stay; to change them, claviger people invite again.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people reinvite erin': 'prints the new link' }))
    .action(act(run))

const run: Run<Options> = async (shell, { codeFile: file }, name = '') => {
  const { params, code } = await whom(shell, name, 'invites again', file)
  const { person: p, factors } = await shell.get(call(shell.server, api.getPerson, { params }))
  if (p.state !== 'invited')
    throw new CliError('refused', `${p.displayName} is ${p.state}: there is no invitation to repeat.`, `claviger people show ${p.name}`)
  const body = { name: p.name, displayName: p.displayName, groups: [...p.groups], code }
  const { person, enrolmentToken } = await shell.get(call(shell.server, identity.invitePerson, { body }))
  sayLink(shell, person, enrolmentToken, factors.some((f) => f.kind === 'password') ? 'keeps' : 'chooses')
}
