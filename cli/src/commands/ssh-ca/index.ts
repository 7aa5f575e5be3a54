import { sshAuthority as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { sshCaDistrust } from './distrust.ts'
import { sshCaRotate } from './rotate.ts'
import { sayRotation } from './say-rotation.ts'
import { sshCaShow } from './show.ts'
import { sshCaTrust } from './trust.ts'

/** `claviger ssh-ca` lists the hosts that trust the authority; its subcommands show what they need and have them trust it. */
export const sshCa: CommandFile = (cli, act) => {
  const group = cli
    .command('ssh-ca')
    .summary('the authority under which sessions log in by SSH certificate')
    .description(
      'Accounts of Linux hosts can be reached by certificates that the server signs for each session. Which hosts trust its authority, and how to have one do so.',
    )
    .addHelpText(
      'after',
      examples({
        'claviger ssh-ca': 'the authority, and the hosts that trust it',
        'claviger ssh-ca trust web01': 'as an administrator',
        'claviger accounts change deploy@web01 --login certificate': 'then sessions log in by certificate',
      }),
    )
    .action(act(list))
  for (const command of [sshCaShow, sshCaTrust, sshCaDistrust, sshCaRotate]) command(group, act)
  return group
}

const list: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const answer = await shell.get(call(shell.server, api.sshAuthority))
  print.answer(answer, () => {
    for (const { version, state, fingerprint } of answer.versions) print.line(`${fingerprint}  version ${version}, ${stateWords[state]}`)
    print.hint(
      answer.sources.length > 0 ? `certificates are good from ${answer.sources.join(', ')}` : 'certificates are good from any address',
    )
    print.table(
      [
        { title: 'HOST', value: (h) => h.target.name },
        { title: 'TRUSTS VERSION', value: (h) => h.trusted.versions.join(' and ') },
        { title: 'LAID DOWN', value: (h) => (h.trusted.byHand ? 'by hand' : 'by claviger') },
        { title: 'SEEN', value: (h) => print.time(h.trusted.at) },
        { title: 'ACCOUNTS', value: (h) => String(h.accounts) },
      ],
      answer.hosts,
      'No host trusts it yet. Have one do so: claviger ssh-ca trust TARGET',
    )
    if (answer.rotation && answer.rotation.step !== 'done') sayRotation(print, answer.rotation)
  })
}

const stateWords = { current: 'signs', candidate: 'will sign', previous: 'signed before' } as const
