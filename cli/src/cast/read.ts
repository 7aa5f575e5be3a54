import { CliError } from '../kit/exit.ts'

/** asciicast v2 (docs.asciinema.org/manual/asciicast/v2): a header line, then one event a line. */
export interface Cast {
  width: number
  height: number
  title: string | undefined
  events: CastEvent[]
}

export interface CastEvent {
  seconds: number
  /** `o` output, `i` input, `r` resize, `m` marker. */
  kind: string
  data: string
}

export function readCast(text: string): Cast {
  const [first = '', ...lines] = text.split('\n')
  const header = parse(first) as { version?: unknown; width?: unknown; height?: unknown; title?: unknown } | undefined
  if (header?.version !== 2) throw unreadable('it is no asciicast of version 2')
  const events = lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const event = parse(line)
    if (!Array.isArray(event)) throw unreadable(`line ${index + 2} is no event`)
    const [seconds, kind, data] = event as unknown[]
    if (typeof seconds !== 'number' || typeof kind !== 'string' || typeof data !== 'string')
      throw unreadable(`line ${index + 2} is no event`)
    return [{ seconds, kind, data }]
  })
  const { width, height, title } = header
  return {
    width: typeof width === 'number' ? width : 80,
    height: typeof height === 'number' ? height : 24,
    title: typeof title === 'string' ? title : undefined,
    events,
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const unreadable = (why: string) => new CliError('failed', `The recording cannot be read: ${why}.`)
