import { sshAuthority as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findTarget } from '../find.ts'

export const sshCaShow: CommandFile = (cli, act) =>
  cli
    .command('show')
    .argument('[target]')
    .summary('the public key; with a target the lines that its sshd needs')
    .description(
      'Prints the public key of the authority as TrustedUserCAKeys takes it. With a target: the files for its host, for who lays them down by hand.',
    )
    .addHelpText(
      'after',
      examples({
        'claviger ssh-ca show': 'the public key',
        'claviger ssh-ca show web01': 'what belongs into which file there',
      }),
    )
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name) => {
  const { print } = shell
  if (name === undefined) {
    const answer = await shell.get(call(shell.server, api.sshAuthority))
    print.answer(answer, () => {
      for (const { line } of answer.versions.filter((v) => v.state !== 'previous')) print.line(line)
    })
    return
  }
  const { id } = await findTarget(shell, name)
  const answer = await shell.get(call(shell.server, api.sshTrust, { params: { id } }))
  print.answer(answer, () => {
    for (const { path, content } of answer.files) {
      print.line(path, 'bold')
      print.line(content.trimEnd())
      print.line('')
    }
    print.hint('Owned by root, mode 644. Then: sshd -t && systemctl reload ssh')
    if (answer.trusted) print.hint(`${name} was seen to trust version ${answer.trusted.version}, ${print.time(answer.trusted.at)}`)
    else print.next(`claviger ssh-ca trust ${name} --by-hand looks whether it does; without --by-hand it lays them down, too`)
  })
}
