import { unproven as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import type { GlobalOptions } from '../../../kit/shell.ts'
import { wholeNumber } from '../../../kit/whole-number.ts'
import { codeFile } from '../../people/change.ts'

interface Options extends GlobalOptions {
  from: number
  codeFile?: string
}

export const unprovenShow: CommandFile = (cli, act) =>
  cli
    .command('show <opening>')
    .summary('see what was typed unseen, as one of the two officers')
    .description(
      'Takes your code and one of three looks; that you look stands in the audit log before. ↵ is Enter, ⌫ Backspace. Exits 1 when the recording is not whole.',
    )
    .addOption(
      new Option('--from <seconds>', 'what was typed from this second of the recording on')
        .argParser(wholeNumber('Give a whole number of seconds.', 0))
        .default(0),
    )
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger sessions unproven show iop_4f9k2m7q1x': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, options, id = '') => {
  const { print } = shell
  const code = (await shell.ask.hidden('Your code shows it', options.codeFile, '--code-file')).replaceAll(' ', '')
  const shown = await shell.get(
    call(shell.server, api.showInput, { params: { id }, body: { code, from: options.from } }),
    'Opening the recording',
  )
  const { unseen, next, looksLeft, verified } = shown
  print.answer(shown, () => {
    print.table(
      [
        { title: 'AT', value: (one) => `${one.seconds.toFixed(1)}s` },
        { title: 'UNSEEN', value: whatOf, style: () => 'bold' },
        { title: 'AFTER', value: (one) => (one.kind === 'typed' ? (one.after ?? '–') : `statement ${one.n}`) },
        { title: 'MARKS', value: (one) => (one.kind === 'typed' && one.undecided ? 'undecided' : '–'), style: () => 'yellow' },
      ],
      unseen,
      'Nothing was typed unseen.',
    )
    if (next !== null) print.next(`claviger sessions unproven show ${id} --from ${Math.floor(next)}`)
    print.hint(`${looksLeft} ${looksLeft === 1 ? 'look is' : 'looks are'} left. Recording: ${verified.message}`)
  })
  if (!verified.ok) process.exitCode = 1
}

const whatOf = (one: api.Unseen): string =>
  one.kind === 'typed' ? one.text : [one.sql, ...one.parameters.map((value) => (value === null ? 'null' : `'${value}'`))].join(' · ')
