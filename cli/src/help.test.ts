import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { makeMachine } from '../test/captured-io.ts'
import { makeProgram } from './program.ts'

/** Every command, as one types it. */
function paths(command: Command, before: string[] = []): string[][] {
  return [before, ...command.commands.flatMap((sub) => paths(sub, [...before, sub.name()]))]
}
const { stdin, stdout, stderr } = process
const program = makeProgram({ env: {}, stdin, stdout, stderr })
const commands = (command: Command): Command[] => [command, ...command.commands.flatMap(commands)]
const all = paths(program)

describe('the help', () => {
  test.each(all.map((path) => path.join(' ')))('of claviger %s reads well', async (path) => {
    using machine = makeMachine()
    const { code, out } = await machine.run([...path.split(' ').filter(Boolean), '--help'])
    expect(code).toBe(0)
    expect(out).toMatchSnapshot()
  })

  test.each(all.filter((path) => path.length > 0 && path[0] !== 'help').map((path) => path.join(' ')))(
    'of %s shows an example, unless it is a group',
    async (path) => {
      using machine = makeMachine()
      const { out } = await machine.run(['help', ...path.split(' ')])
      if (!/^Usage: .*\[command\]$/m.test(out)) expect(out).toMatch(/\nExamples:\n {2}\S/)
    },
  )

  test.each(['exit-codes', 'environment'])('has a page on %s', async (topic) => {
    using machine = makeMachine()
    expect((await machine.run(['help', topic])).out).toMatchSnapshot()
  })

  test('shows dots only where something may be given several times', () => {
    // commander knows them behind a letter or a digit alone
    const dotted = commands(program).flatMap((command) => command.options.filter(({ flags }) => flags.includes('...')))
    expect(dotted.length).toBeGreaterThan(3)
    expect(dotted.filter(({ variadic }) => !variadic).map(({ flags }) => flags)).toEqual([])
  })

  test('on something unknown says so', async () => {
    using machine = makeMachine()
    expect(await machine.run(['help', 'nothing'])).toMatchObject({ code: 2, out: '' })
  })
})
