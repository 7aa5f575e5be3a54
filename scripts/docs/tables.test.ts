import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { operations } from '../../server/src/keeper/contract.ts'
import { factColumns } from '../../server/src/keeper/facts/tables.ts'
import { codes, readPage, root, tableOf } from './page.ts'

const formats = readPage('docs/formats.md')

/** The server's sources, comments taken out: what they only talk about is not done there. */
const sources = readdirSync(join(root, 'server/src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.includes('.test.'))
  .map((path) => readPage(join('server/src', path)).replaceAll(/\/\*[\s\S]*?\*\//g, ''))

const sorted = (lines: Iterable<string>) => [...new Set(lines)].sort()

/** `act (shown: a b) (personal: c)` of each `auditEvent(…)` in the code. */
function declaredActs(): string[] {
  const declarations = sources.flatMap((text) => [...text.matchAll(/auditEvent\('([a-z_.]+)', \{([^}]*)\}\)/g)])
  return declarations.map(([, act, body = '']) => {
    const marks = [...body.matchAll(/(\w+): '(shown|personal)'/g)]
    const marked = (mark: string) => marks.filter(([, , m]) => m === mark).map(([, field]) => field)
    return describeAct(act ?? '', marked('shown') as string[], marked('personal') as string[])
  })
}
const describeAct = (act: string, shown: string[], personal: string[]) =>
  `${act} (shown: ${shown.join(' ')}) (personal: ${personal.join(' ')})`

/** The keeper declares no events: it writes these by itself. */
const keepersOwn = ['alarm.forged_row', 'alarm.ledger', 'alarm.keeper', 'alarm.policy'].map((act) =>
  describeAct(act, ['kind', 'subject', 'why'], []),
)

describe('docs/formats.md', () => {
  test('has every act that the code declares, with its fields and their marks, and no other', () => {
    const inDocs = tableOf(formats, 'acts').map(([act, , shown, personal]) =>
      describeAct(codes(act)[0] ?? '', codes(shown), codes(personal)),
    )
    expect(declaredActs().length).toBeGreaterThan(40)
    expect(sorted(inDocs)).toEqual(sorted([...declaredActs(), ...keepersOwn]))
  })

  test('has the alarms that the keeper writes by itself', () => {
    const named = sources.flatMap((text) => [...text.matchAll(/['`](alarm\.[a-z_]+)['`]/g)].map(([, act]) => act ?? ''))
    const inDocs = tableOf(formats, 'acts').flatMap(([act]) => codes(act).filter((a) => a.startsWith('alarm.')))
    // the last two are made of a word
    expect(sorted(inDocs)).toEqual(sorted([...named, 'alarm.keeper', 'alarm.policy']))
  })

  test('has every refusal that an act inside the database can leave, and no other', () => {
    const named = sources.flatMap((text) => [...text.matchAll(/\bact: '([a-z_.]+)'/g)].map(([, act]) => act ?? ''))
    const inDocs = tableOf(formats, 'refused').flatMap(([act]) => codes(act))
    expect(sorted(inDocs)).toEqual(sorted(named))
  })

  test('has the columns of each fact', () => {
    const inDocs = tableOf(formats, 'facts').map(([kind, columns]) => [codes(kind)[0], codes(columns)])
    expect(Object.fromEntries(inDocs)).toEqual(factColumns)
  })

  test('has every operation of the keeper with the roles that may ask for it', () => {
    const inDocs = tableOf(formats, 'operations').map(([name, roles]) => [codes(name)[0], roles?.split(', ')])
    expect(inDocs).toEqual(Object.entries(operations).map(([name, { allowed }]) => [name, [...allowed]]))
  })
})
