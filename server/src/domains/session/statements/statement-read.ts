/** What the statements of one text do, as far as can be told from the text: words in lower case. */
export interface StatementRead {
  /** `select`, `drop table`; of what stands inside of another statement as well. */
  verbs: string[]
  /** With its schema and without it, where one is named. */
  tables: string[]
}

const most = { verbs: 100, tables: 500 }

/** Undefined where it is more than a policy is asked about. */
export function bounded(verbs: ReadonlySet<string>, tables: ReadonlySet<string>): StatementRead | undefined {
  if (verbs.size > most.verbs || tables.size > most.tables) return undefined
  const all = [...verbs, ...tables]
  return all.some((word) => word.length > 256) ? undefined : { verbs: [...verbs].sort(), tables: [...tables].sort() }
}
