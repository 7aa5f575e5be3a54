import { call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { remove } from '../kit/files.ts'
import { answered } from '../kit/server.ts'
import type { GlobalOptions } from '../kit/shell.ts'
import { forgetSignIn } from '../kit/sign-in.ts'
import { sshFiles } from '../ssh/identity.ts'

export const logout: CommandFile = (cli, act) =>
  cli
    .command('logout')
    .summary('end the sign-in and remove the certificate')
    .description('Ends the sign-in on the server and removes it, the SSH key and the certificate from this machine.')
    .addHelpText('after', examples({ 'claviger logout': 'before you leave a shared machine' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print, settings, signIn } = shell
  // files go first: whatever the server says, this machine keeps nothing
  const ended = signIn ? call(shell.server, identity.signOut, {}) : undefined
  forgetSignIn(settings.folder)
  const { key, publicKey, certificate } = sshFiles(settings.folder)
  for (const file of [key, publicKey, certificate]) remove(file)
  const toldServer = await (ended &&
    answered(ended, shell.base).then(
      () => true,
      () => false,
    ))
  print.answer({ signedOut: signIn !== undefined, toldServer: toldServer ?? false }, () => {
    if (!signIn) print.line('You were not signed in.')
    else if (toldServer) print.line(`Signed out ${signIn.name}.`)
    else
      print.line(
        `Removed the sign-in of ${signIn.name} here. ${shell.base} did not answer: there it runs out at ${print.time(signIn.expiresAt)}.`,
      )
  })
}
