import { access, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions } from '../kit/shell.ts'
import { spell } from '../kit/times.ts'
import { requestFacts } from './request-facts.ts'

interface Options extends GlobalOptions {
  comment?: string
  codeFile?: string
}

export const approve: CommandFile = (cli, act) =>
  cli
    .command('approve <request>')
    .summary('say yes to exactly this request')
    .description(
      'Shows exactly what you approve and asks for a fresh code. Your yes counts for the digest shown: should anything of it change meanwhile, it opens nothing.',
    )
    .option('--comment <text>', 'a word to the requester')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger approve req_4f9k2m7q1x': 'look, then type the code that your authenticator shows' }))
    .action(act(run))

const run: Run<Options> = async (shell, { comment, codeFile }, id = '') => {
  const { ask, print } = shell
  const asked = await shell.get(call(shell.server, access.getRequest, { params: { id } }))
  if (asked.approveBlocked) {
    const { code, message } = asked.approveBlocked
    throw new CliError('refused', message, 'claviger requests --inbox', { code })
  }
  if (!print.json) print.facts(requestFacts(print, asked))
  const code = await ask.hidden(`Your code approves exactly this, digest ${asked.digest.slice(0, 12)}…`, codeFile, '--code-file')
  const body = { digest: asked.digest, code: code.replaceAll(' ', ''), ...(comment !== undefined && { comment }) }
  const request = await shell.get(call(shell.server, access.approveRequest, { params: { id }, body }))
  print.answer({ request, approvedDigest: asked.digest }, () => {
    const { requester, account, target, grant } = request
    const who = `${requester.displayName} may use ${account.name}@${target.name}`
    if (grant) print.line(`Approved. ${who} until ${print.time(grant.endsAt)}.`, 'green')
    else if (request.state === 'approved') print.line(`Approved. ${who} for ${spell(request.seconds)}.`, 'green')
    else if (request.state === 'queued')
      print.line(`Approved. Somebody else has the account: it begins by itself, as number ${request.position} in the queue.`, 'green')
    else print.line(`Your approval is recorded. It needs ${request.obligations.approvals}; still ${request.state}.`, 'yellow')
    if (grant) print.next(`claviger grants end ${grant.id} --reason … takes it back at once`)
  })
}
