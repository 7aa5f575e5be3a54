import { audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { factsOf } from './facts.ts'

export const auditEntry: CommandFile = (cli, act) =>
  cli
    .command('entry <entry>')
    .summary('one entry with everything it holds')
    .description('Shows an entry of the audit log: what it says, which rows it attests, and which personal values it only commits to.')
    .addHelpText('after', examples({ 'claviger audit entry ent_4f9k2m7q1x': 'as audit search lists it' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, id = '') => {
  const { print } = shell
  const entry = await shell.get(call(shell.server, audit.ledgerEntry, { params: { id } }))
  print.answer({ entry }, () => {
    print.facts([
      ['entry', `${entry.id}${entry.place === null ? ', not signed yet' : `, place ${entry.place}`}`],
      ['at', print.time(entry.at)],
      ['act', entry.act],
      ['written by', entry.origin],
      ['says', factsOf(entry.fields) || 'nothing more'],
      ['personal', factsOf(entry.personal) || 'nothing, or erased'],
      ['outcome of', entry.intent ?? '–'],
      ...entry.attests.map((row) => ['attests', `${row.kind} ${row.id}, revision ${row.revision}`] as const),
    ])
    print.next(`claviger audit prove ${entry.id} --out proof.json`)
  })
}
