import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ruleNames } from '../../server/src/domains/session/rules/rule.ts'

test('docs/session-rules.md has a row for each rule, and for none that there is not', () => {
  const rows = readFileSync(join(import.meta.dirname, '../../docs/session-rules.md'), 'utf8').matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)
  const told = [...rows].flatMap(([, names = '']) => names.replaceAll('`', '').split(', '))
  // what is opaque is noted as an act of its own, and explained above the table
  expect([...told, 'opaque'].sort()).toEqual([...ruleNames].sort())
})
