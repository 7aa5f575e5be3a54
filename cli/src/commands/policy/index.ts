import { policy as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { demands } from '../words.ts'
import { policyApprove } from './approve.ts'
import { policyChanges } from './changes.ts'
import { policyTest } from './preview.ts'
import { policyPropose } from './propose.ts'
import { policySave } from './save.ts'
import { policyWithdraw } from './withdraw.ts'

interface Options extends GlobalOptions {
  action: 'connect' | 'reveal'
  for: string
  ticket: boolean
}

const action = () => new Option('--action <action>', 'what for').choices(['connect', 'reveal']).default('connect')

/** The rules: which there are, why they answer so, and who could get what. */
export const policy: CommandFile = (cli, act) => {
  const group = cli
    .command('policy')
    .summary('the rules: which, why, who can, and changing them')
    .description('Lists the rules in force as the keeper attests them. What one person proposes comes into force when another approves it.')
    .addHelpText('after', examples({ 'claviger policy': 'the rules', 'claviger policy who-can deploy@web01': 'who could get it' }))
    .action(act(list))
  group
    .command('why <person> <action> <account>')
    .summary('what policy answers, by which rules, and why not')
    .description('Asks policy by the code that a request goes through, and changes nothing. ACTION is connect or reveal.')
    .option('--for <duration>', 'how long', '1h')
    .option('--no-ticket', 'as if no ITSM ticket were named')
    .addHelpText('after', examples({ 'claviger policy why alice connect deploy@web01': 'may alice, and what would be asked of her' }))
    .action(act(why))
  group
    .command('who-can <account>')
    .summary('every person and group that could get an account')
    .description('Says for each group and each active person what policy would answer and demand.')
    .addOption(action())
    .addHelpText('after', examples({ 'claviger policy who-can deploy@web01': 'the whole list' }))
    .action(act(whoCan))
  for (const command of [policySave, policyTest, policyPropose, policyChanges, policyApprove, policyWithdraw]) command(group, act)
  return group
}

const list: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { policies } = await shell.get(call(shell.server, api.policies))
  print.answer({ policies }, () => {
    print.table(
      [
        { title: 'RULE', value: (p) => p.name, style: () => 'bold' },
        { title: 'EFFECT', value: (p) => (p.forged ? 'FORGED' : (p.effect ?? 'unreadable')), style: (p) => (p.forged ? 'red' : undefined) },
        { title: 'DEMANDS', value: (p) => (p.demands ? demands({ ...p.demands, recorded: true }) : p.act ? inSessions(p) : '–') },
        { title: 'WHAT', value: (p) => p.forged ?? p.says ?? p.title },
      ],
      policies,
      'There are no rules, so nothing is granted.',
    )
    print.next('claviger policy why PERSON connect ACCOUNT@TARGET')
  })
}

const why: Run<Options> = async (shell, options, person = '', what = '', account = '') => {
  const { print } = shell
  const body = { person, account, action: what as 'connect', duration: options.for, itsmTicket: options.ticket }
  const answer = await shell.get(call(shell.server, api.whyPolicy, { body }))
  print.answer(answer, () => {
    print.line(answer.allowed ? `Yes: ${person} may ask to ${what} ${account}.` : `No. ${answer.message}`, answer.allowed ? 'green' : 'red')
    print.facts([
      ['groups', answer.person.groups.join(', ') || 'none'],
      ...(answer.obligations ? [['demands', demands(answer.obligations)] as const] : []),
      ...(answer.approvers.length > 0 ? [['asked', answer.approvers.join(', ')] as const] : []),
      ...answer.rules.map((r) => [r.effect, r.title ? `${r.name}: ${r.title}` : r.name] as const),
      ...(answer.allowed ? [] : [['a yes for', answer.allowedGroups.join(', ') || 'no group alone'] as const]),
    ])
  })
}

const whoCan: Run<Options> = async (shell, options, account = '') => {
  const { print } = shell
  const found = await shell.get(call(shell.server, api.whoCan, { query: { account, action: options.action } }))
  print.answer(found, () => {
    for (const g of found.groups)
      print.line(`${g.group}: ${g.allowed && g.obligations ? demands(g.obligations) : 'no'}`, g.allowed ? 'green' : 'dim')
    print.table(
      [
        { title: 'NAME', value: (p) => p.name, style: () => 'bold' },
        { title: 'GROUPS', value: (p) => p.groups.join(', ') },
        { title: 'APPROVALS', value: (p) => String(p.obligations?.approvals ?? '–') },
        { title: 'AT MOST', value: (p) => (p.obligations ? spell(p.obligations.maxSeconds) : '–') },
        { title: 'BY', value: (p) => p.because.join(', ') },
      ],
      found.people.filter((p) => p.allowed),
      'Nobody could get it.',
    )
    const forged = found.people.filter((p) => p.forged)
    if (forged.length > 0) print.line(`Not what was attested: ${forged.map((p) => p.name).join(', ')}`, 'red')
    if (!found.complete) print.hint(`Only the first ${found.looked} people were looked at.`)
  })
}

const inSessions = ({ act, waitSeconds }: api.Policy): string =>
  `in sessions: ${act}${waitSeconds === null ? '' : `, ${spell(waitSeconds)}`}`
