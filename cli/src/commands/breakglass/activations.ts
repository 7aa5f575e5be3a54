import { activations as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { activationFacts, named, stateOf } from './activation-facts.ts'

export const breakglassActivations: CommandFile = (cli, act) =>
  cli
    .command('activations [activation]')
    .summary('which activations and drills run or wait, whose review is open, and whether a drill is overdue')
    .description('Newest first; with an id all of one: who asked, who agreed, and what a drill found.')
    .addHelpText('after', examples({ 'claviger breakglass activations': 'all', 'claviger breakglass activations bga_4f9k2m7q1x': 'one' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _, only) => {
  const { print } = shell
  const shown = await shell.get(call(shell.server, api.activations))
  const all = only === undefined ? shown.activations : shown.activations.filter((a) => a.id === only)
  print.answer({ activations: all, drills: shown.drills }, () => {
    const [one] = all
    if (only !== undefined && one) print.facts(activationFacts(print, one))
    else
      print.table<api.Activation>(
        [
          { title: 'ACTIVATION', value: (a) => a.id },
          { title: 'KIND', value: (a) => a.kind },
          { title: 'ACCOUNTS', value: named },
          { title: 'ASKED', value: (a) => `${a.requester.name}, ${print.time(a.createdAt)}` },
          { title: 'AGREED', value: (a) => a.approver?.name ?? '–' },
          {
            title: 'STATE',
            value: (a) => (a.kind === 'drill' && a.state === 'ended' ? (a.steps?.every((s) => s.ok) ? 'passed' : 'FAILED') : stateOf(a)),
            style: (a) => (a.state === 'active' ? 'red' : a.state === 'ended' && a.kind === 'emergency' ? 'yellow' : undefined),
          },
        ],
        all,
        'Nothing was activated, and nothing rehearsed.',
      )
    const { overdue, lastPassedAt, everyDays } = shown.drills
    if (overdue)
      print.hint(
        `A drill is overdue: ${lastPassedAt ? `the last one passed ${print.time(lastPassedAt)}` : 'none passed yet'}, and one is due every ${everyDays} days.`,
      )
    if (overdue) print.next('claviger breakglass drill ACCOUNT@TARGET')
  })
}
