import { people as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { Fact, Printer } from '../../kit/printer.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { stateStyle } from '../words.ts'
import { findPerson } from './find-person.ts'

export const peopleShow: CommandFile = (cli, act) =>
  cli
    .command('show <person>')
    .summary('one person: factors, passkeys, keys, certificates, sign-ins')
    .description('Shows what somebody signs in with and where they are signed in. Secrets are never shown, to nobody.')
    .addHelpText('after', examples({ 'claviger people show alice': 'everything about alice' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { id } = await findPerson(shell, name)
  const shown = await shell.get(call(shell.server, api.getPerson, { params: { id } }))
  shell.print.answer(shown, () => shell.print.facts(personFacts(shell.print, shown)))
}

export function personFacts(print: Printer, shown: api.PersonDetails): Fact[] {
  const { person: p, introducedBy, factors, passkeys, sshKeys, certificates, signIns } = shown
  return [
    ['name', p.name, 'bold'],
    ['who', p.displayName],
    ['state', introducedBy ? `${p.state}: brought in by ${introducedBy.displayName}, to be confirmed by another` : p.state, stateStyle(p)],
    ['groups', p.groups.join(', ') || 'none'],
    ['since', print.time(shown.createdAt)],
    ...factors.map((f): Fact => {
      const locked = f.lockedUntil ? `, locked until ${print.time(f.lockedUntil)}` : ''
      return [
        f.kind,
        `enrolled ${print.time(f.enrolledAt)}, last used ${print.time(f.lastUsedAt)}${locked}`,
        f.lockedUntil ? 'red' : undefined,
      ]
    }),
    ...passkeys.map(
      (k): Fact => ['passkey', `${k.label}, added ${print.time(k.createdAt)}, last used ${print.time(k.lastUsedAt)} (${k.id})`],
    ),
    ...sshKeys.map((k): Fact => ['SSH key', `${k.label}: ${k.fingerprint}, since ${print.time(k.createdAt)} (${k.id})`]),
    ...certificates.map((c): Fact => ['certificate', `holds until ${print.time(c.validUntil)}`]),
    ...signIns.map(
      (s): Fact => [
        'signed in',
        `${s.kind} from ${s.source}, last used ${print.time(s.lastSeenAt)} (${s.id}${s.current ? ', this one' : ''})`,
      ],
    ),
  ]
}
