import { codes, readPage, tableOf } from '../../scripts/docs/page.ts'

/** The kinds of people that docs/authorisation.md has a column for, in its order. */
export const actors = ['nobody', 'signed out', 'no group', 'engineer', 'approver', 'security', 'auditor', 'administrator'] as const
export type Actor = (typeof actors)[number]

/** The group that stands for each actor who is in one. */
export const groupOf = {
  engineer: 'engineers',
  approver: 'approvers',
  security: 'security',
  auditor: 'auditors',
  administrator: 'administrators',
} as const satisfies Partial<Record<Actor, string>>

/** Let in; refused because nobody is signed in; refused because of who it is; answered as if it did not exist; there is no such object. */
export const answers = ['yes', '401', '403', 'hidden', '–'] as const
export type Expected = (typeof answers)[number]
export const objects = ['', 'own', "other's"] as const
export type Whose = (typeof objects)[number]

export interface Row {
  operation: string
  whose: Whose
  expected: Record<Actor, Expected>
  /** What it takes besides. */
  note: string
}

const page = readPage('docs/authorisation.md')

/** The reviewed table, parsed; throws on a word that it does not know. */
export const rows: readonly Row[] = tableOf(page, 'authorisation').map((cells) => {
  const [operation, whose, ...expected] = cells
  const known = <T extends string>(all: readonly T[], word: string | undefined): T => {
    const found = all.find((w) => w === word)
    if (found === undefined) throw new Error(`docs/authorisation.md, ${operation}: ${word} is none of: ${all.join(', ')}`)
    return found
  }
  return {
    operation: codes(operation)[0] ?? '',
    whose: known(objects, whose),
    expected: Object.fromEntries(actors.map((actor, i) => [actor, known(answers, expected[i])])) as Record<Actor, Expected>,
    note: expected[actors.length] ?? '',
  }
})

export const openPaths: readonly string[] = tableOf(page, 'open paths').map(([path]) => codes(path)[0] ?? '')
