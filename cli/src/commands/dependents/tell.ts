import { dependents as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { newsOf } from './in-words.ts'

export const dependentsLook: CommandFile = (cli, act) =>
  cli
    .command('look <dependent>')
    .summary('look on its host whether a dependent could be told; changes nothing')
    .description('Looks whether the line is in the file, and the unit is known. No credential but that of the host’s manager is used.')
    .addHelpText('after', examples({ 'claviger dependents look dpd_4f9k2m7q1x': 'before the first rotation' }))
    .action(act(look))
const look: Run<object> = async (shell, _options, id = '') => {
  const seen = await shell.get(call(shell.server, api.lookAtDependent, { params: { id } }), 'Looking on its host')
  shell.print.answer(seen, () => shell.print.line('It can be told.', 'green'))
}

export const dependentsTell: CommandFile = (cli, act) =>
  cli
    .command('tell <dependent>')
    .summary('tell a dependent of the current credential now')
    .description('For one that failed and was mended, or that was added after the last rotation. Nothing is rotated.')
    .addHelpText('after', examples({ 'claviger dependents tell dpd_4f9k2m7q1x': 'writes, restarts and checks' }))
    .action(act(tell))
const tell: Run<object> = async (shell, _options, id = '') => {
  const dependent = await shell.get(call(shell.server, api.tellDependent, { params: { id } }), 'Telling it')
  shell.print.answer({ dependent }, () => shell.print.line(`${dependent.host.name} ${newsOf(dependent)}.`, 'green'))
}
