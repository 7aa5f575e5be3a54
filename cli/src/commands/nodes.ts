import { controls as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

export const nodes: CommandFile = (cli, act) =>
  cli
    .command('nodes')
    .summary('the servers that share this database')
    .description(
      'Lists them with version, when each was started and last heard of, which one sequences the audit log, and how far each keeper is behind.',
    )
    .addHelpText('after', examples({ 'claviger nodes': 'who is there' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { ledger, nodes } = await shell.get(call(shell.server, api.nodes))
  print.answer({ ledger, nodes }, () =>
    print.table(
      [
        { title: 'SERVER', value: (n) => `${n.name}${n.own ? ' (this one)' : ''}`, style: () => 'bold' },
        { title: 'STATE', value: stateOf, style: (n) => (stateOf(n) === 'works' ? 'green' : 'red') },
        { title: 'SEQUENCES', value: (n) => (n.sequences ? 'yes' : '') },
        { title: 'KEEPER', value: keeperOf },
        { title: 'HEARD OF', value: (n) => `${Math.min(...n.parts.map((p) => p.secondsAgo))} s ago` },
        { title: 'STARTED', value: (n) => print.time(n.parts.map((p) => p.startedAt).sort()[0] ?? null) },
        { title: 'VERSION', value: (n) => n.version },
        { title: 'NODE', value: (n) => n.node },
      ],
      nodes,
      'No server was heard of.',
    ),
  )
}

const stateOf = (n: api.Node): string => {
  const silent = n.parts.filter((p) => p.silent).map((p) => p.part)
  return silent.length === 0 ? 'works' : `${silent.join(' and ')} silent`
}
const keeperOf = ({ keeper, sequences }: api.Node): string => {
  if (!keeper) return 'not known'
  // it signs what the others are measured by: what it said some seconds ago is only older than that
  if (sequences) return `signs, at ${keeper.size}`
  return keeper.behind === 0 ? `at ${keeper.size}` : `${keeper.behind} behind, at ${keeper.size}`
}
