import { unproven as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import { CliError } from '../../../kit/exit.ts'
import type { GlobalOptions } from '../../../kit/shell.ts'
import { codeFile } from '../../people/change.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

export const unprovenApprove: CommandFile = (cli, act) =>
  cli
    .command('approve <opening>')
    .summary('approve that another officer sees what was typed unseen')
    .description('Shows what was asked for and why. With your code the two of you may look, for an hour. Not what you asked for yourself.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger sessions unproven approve iop_4f9k2m7q1x': 'look, then type your code' }))
    .action(act(approve))

export const unprovenWithdraw: CommandFile = (cli, act) =>
  cli
    .command('withdraw <opening>')
    .summary('say no to it, or end it before its time')
    .description('As any security officer but the one whose session it was.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger sessions unproven withdraw iop_4f9k2m7q1x': 'then type your code' }))
    .action(act(withdraw))

const approve: Run<Options> = async (shell, options, id = '') => {
  const { print } = shell
  const { openings } = await shell.get(call(shell.server, api.inputOpenings))
  const one = openings.find((opening) => opening.id === id)
  if (!one) throw new CliError('failed', `Nobody asked for ${id}.`, 'claviger sessions unproven list')
  if (!options.json) print.line(`${one.askedBy} wants to see what ${one.person} typed unseen on ${one.account}: ${one.reason}`, 'bold')
  const code = (await shell.ask.hidden('Your code opens it for an hour', options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.approveInput, { params: { id }, body: { code } }))
  print.answer(done, () => {
    print.line(`${id} is open for an hour, to ${one.askedBy} and you.`, 'green')
    print.next(`claviger sessions unproven show ${id}`)
  })
}

const withdraw: Run<Options> = async (shell, options, id = '') => {
  const { print } = shell
  const code = (await shell.ask.hidden(`Your code ends ${id}`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.withdrawInput, { params: { id }, body: { code } }))
  print.answer(done, () => print.line(`${id} opens nothing any more.`, 'green'))
}
