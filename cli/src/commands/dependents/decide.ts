import { dependents as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

export const dependentsConfirm: CommandFile = (cli, act) =>
  cli
    .command('confirm <dependent>')
    .summary('confirm where somebody else wants a credential of tier 0 sent')
    .description('Look at what is done on which host first: from then on each new credential of the account goes there.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger dependents confirm dpd_4f9k2m7q1x': 'then type your code' }))
    .action(act(confirm))
const confirm: Run<Options> = async (shell, { codeFile }, id = '') => {
  const code = (await shell.ask.hidden(`Your code confirms ${id}`, codeFile, '--code-file')).replaceAll(' ', '')
  const dependent = await shell.get(call(shell.server, api.confirmDependent, { params: { id }, body: { code } }))
  shell.print.answer({ dependent }, () => {
    shell.print.line(`Confirmed. It is told of the next credential of ${dependent.account.name}@${dependent.account.target}.`, 'green')
    shell.print.next(`claviger dependents tell ${id}`)
  })
}

export const dependentsRemove: CommandFile = (cli, act) =>
  cli
    .command('remove <dependent>')
    .summary('tell a dependent nothing any more')
    .description('What it was told last stays on its host, and stops working with the next rotation.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger dependents remove dpd_4f9k2m7q1x': 'then type your code' }))
    .action(act(remove))
const remove: Run<Options> = async (shell, { codeFile }, id = '') => {
  const code = (await shell.ask.hidden(`Your code removes ${id}`, codeFile, '--code-file')).replaceAll(' ', '')
  const dependent = await shell.get(call(shell.server, api.removeDependent, { params: { id }, body: { code } }))
  shell.print.answer({ dependent }, () => shell.print.line(`Removed: ${dependent.host.name} hears of no new credential any more.`, 'green'))
}
