import { describe, expect, test } from 'vitest'
import { callers, commandPaths, commandSummaries, operations } from './calls.ts'
import { codes, readPage, tableOf } from './page.ts'

const page = readPage('docs/cli.md')
const rows = tableOf(page, 'operations').map(([operation = '', commands = '']) => ({ id: codes(operation)[0] ?? '', commands }))
const ids = operations.map(({ route }) => route.id)
const called = callers()

describe('docs/cli.md', () => {
  test('lists every command with its summary, in the order of the help', () => {
    const listed = tableOf(page, 'commands').map(([command = '', what = '']) => [codes(command)[0], what])
    expect(listed).toEqual([...commandSummaries])
  })

  test('says of each operation of the API which command calls it, and of no other', () => {
    expect(rows.map((row) => row.id)).toEqual(ids.toSorted())
  })

  test.each(rows)('$id is called by the commands that it names, or says why none does', ({ id, commands }) => {
    const named = codes(commands)
    if (named.length === 0) {
      // a reason is a sentence, and nothing else may hide behind it
      expect(commands).toMatch(/^none: .{20,}$/)
      expect([...(called.get(id) ?? [])]).toEqual([])
      return
    }
    for (const command of named) {
      expect(commandPaths).toContain(command)
      expect([...(called.get(id) ?? [])]).toContain(command)
    }
  })

  test('finds what is called in more than one way, so that a table of reasons cannot grow by mistake', () => {
    expect(called.get('approveRequest')).toEqual(new Set(['approve']))
    expect(called.get('whoCan')).toContain('policy who-can')
    expect(called.get('confirmPerson')).toContain('people confirm')
  })
})
