import { activations as api, type BodyOf, call } from '@claviger/api'
import { Argument } from 'commander'
import type { CommandFile } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { readGivenWhole } from '../../kit/questions.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'
import { activationFacts } from './activation-facts.ts'

interface Options extends GlobalOptions {
  codeFile?: string
  reviewFile?: string
}

const which = () => new Argument('<activation>', 'its id: bga_…')

export const breakglassApprove: CommandFile = (cli, act) =>
  cli
    .command('approve')
    .addArgument(which())
    .summary('as the second person: yes, these accounts are needed now')
    .description('Shows who asks for what and why, then takes your code. Of the two of you one is of security.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass approve bga_4f9k2m7q1x': 'shows it, then asks for your code' }))
    .action(
      act<Options>(async (shell, { codeFile }, id = '') => {
        const { print } = shell
        const asked = await one(shell, id)
        if (!print.json) print.facts(activationFacts(print, asked))
        const code = (await shell.ask.hidden('Your code agrees to it', codeFile, '--code-file')).replaceAll(' ', '')
        const moved = await move(shell, id, { act: 'approve', code })
        print.answer({ activation: moved }, () => {
          print.line('Agreed. Now its custodians, each on their own machine:', 'green')
          print.next(`claviger breakglass share ${id}`)
        })
      }),
    )

export const breakglassEnd: CommandFile = (cli, act) =>
  cli
    .command('end')
    .addArgument(which())
    .summary('end an activation before its time, or withdraw one that waits')
    .description(
      'By one of its two people, or security. What runs under it is cut, and every account is rotated. What waits is withdrawn with a code.',
    )
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass end bga_4f9k2m7q1x': 'ends it now' }))
    .action(
      act<Options>(async (shell, { codeFile }, id = '') => {
        const { print } = shell
        const asked = await one(shell, id)
        const code =
          asked.state === 'active'
            ? undefined
            : (await shell.ask.hidden('It does not run yet. Your code withdraws it', codeFile, '--code-file')).replaceAll(' ', '')
        const moved = await move(shell, id, { act: 'end', ...(code !== undefined && { code }) })
        print.answer({ activation: moved }, () => print.line(`It is ${moved.state}.`, 'green'))
      }),
    )

export const breakglassReview: CommandFile = (cli, act) =>
  cli
    .command('review')
    .addArgument(which())
    .summary('as an officer who was neither of the two: close the review, in words')
    .description(
      'What happened, whether the access was right, and what follows: at least 20 letters. Until then the activation stays on the list.',
    )
    .option('--review-file <file>', 'read the words from a file; - is standard input')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass review bga_4f9k2m7q1x': 'asks for the words and your code' }))
    .action(
      act<Options>(async (shell, { codeFile, reviewFile }, id = '') => {
        const { print } = shell
        const asked = await one(shell, id)
        if (!print.json) print.facts(activationFacts(print, asked))
        const review =
          reviewFile === undefined
            ? await shell.ask.text('What happened, and what follows', '--review-file')
            : readGivenWhole(reviewFile, '--review-file')
        const code = (await shell.ask.hidden('Your code closes the review', codeFile, '--code-file')).replaceAll(' ', '')
        const moved = await move(shell, id, { act: 'review', code, review: review.trim() })
        print.answer({ activation: moved }, () => print.line('Reviewed.', 'green'))
      }),
    )

async function one(shell: Shell, id: string): Promise<api.Activation> {
  const { activations } = await shell.get(call(shell.server, api.activations))
  const found = activations.find((a) => a.id === id)
  if (!found) throw new CliError('usage', `There is no activation ${id}.`, 'claviger breakglass activations')
  return found
}

const move = (shell: Shell, id: string, body: BodyOf<typeof api.moveActivation>) =>
  shell.get(call(shell.server, api.moveActivation, { params: { id }, body }))
