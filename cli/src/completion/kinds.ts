/** What completion asks the server for names of: those of `claviger names`. */
export const kinds = ['accounts', 'targets', 'requests', 'sessions', 'grants', 'people'] as const
export type Kind = (typeof kinds)[number]

/** Arguments are called what they are the name of. */
const arguments_: Record<string, Kind> = {
  'account@target': 'accounts',
  account: 'accounts',
  target: 'targets',
  request: 'requests',
  session: 'sessions',
  grant: 'grants',
  person: 'people',
}

export const kindOf = (argument: string): Kind | undefined => arguments_[argument]
