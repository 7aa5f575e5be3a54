import type { session } from '@claviger/api'

/** In a word each, what a reader must know before believing that they see all of a statement: as the console says it in sentences. */
export const marksOf = (s: session.Statement): string[] =>
  [
    s.masked && 'masked',
    s.truncated && 'truncated',
    s.shortened && `shortened (${s.length} bytes)`,
    s.sameTextAs !== null && `text as #${s.sameTextAs}`,
    s.sameParametersAs !== null && `parameters as #${s.sameParametersAs}`,
    s.escaped && 'escaped bytes',
    s.unsureEncoding && 'unsure encoding',
    s.results !== undefined && `${s.results.kept} rows kept (--text)`,
  ].filter((mark) => mark !== false)
