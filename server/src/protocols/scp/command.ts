/** What a client of `scp -O` starts over there. */
export interface ScpCommand {
  /** `get`: the target sends; `put`: it is sent to. */
  op: 'get' | 'put'
  /** As given: a pattern, or relative to the account's home. */
  path: string
  /** Several files go there, or a folder: the path names a folder that takes them. */
  into: boolean
  /** A shell may make other paths of it. */
  pattern: boolean
}

// nothing that a shell takes for more than one word, but for a pattern: what else it would do, nobody would see
const shape = /^scp((?: -[a-z]+)*)(?: --)? ((?:[\w./~*?+,:@%=^[\]-]|\\[\w ./+,:@%=-])+)$/

/** Undefined for any other command, and for one of which we cannot say what a shell makes of it. */
export function scpCommand(command: string): ScpCommand | undefined {
  const [, flags = '', path] = shape.exec(command) ?? []
  if (path === undefined || /[^vrpdqtf -]/.test(flags)) return undefined
  const [sends, takes] = [flags.includes('f'), flags.includes('t')]
  if (sends === takes) return undefined
  const [into, pattern] = [flags.includes('d') || path.endsWith('/'), /[*?[\]^]|^[~=]/.test(path)]
  return { op: sends ? 'get' : 'put', path: path.replaceAll(/\\(.)/g, '$1'), into, pattern }
}
