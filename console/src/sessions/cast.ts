/** Output or a resize of a recording, at seconds from its start. */
export type CastEvent = readonly [seconds: number, kind: 'o' | 'r', data: string]

export interface Cast {
  cols: number
  rows: number
  events: CastEvent[]
  /** Seconds from the start to the last event. */
  duration: number
}

/**
 * Reads asciicast v2 (one JSON value a line). Lines that are no event of ours are passed over: keystrokes are listed
 * beside the replay, not drawn into it. Undefined when the text is no asciicast v2 at all.
 *
 * `rawLines`: output of a command without a terminal ends its lines with a bare line feed, which a terminal would draw as stairs.
 */
export function readCast(text: string, rawLines = false): Cast | undefined {
  const [first = '', ...lines] = text.split('\n')
  const header = parse(first)
  if (!isHeader(header)) return undefined
  const events: CastEvent[] = []
  let duration = 0
  for (const line of lines) {
    const event = line.startsWith('[') ? parse(line) : undefined
    if (!Array.isArray(event)) continue
    const [seconds, kind, data] = event
    if (typeof seconds !== 'number' || !Number.isFinite(seconds) || typeof data !== 'string') continue
    duration = Math.max(duration, seconds)
    if (kind === 'o') events.push([seconds, kind, rawLines ? data.replace(/(?<!\r)\n/g, '\r\n') : data])
    else if (kind === 'r') events.push([seconds, kind, data])
  }
  return { cols: clamp(header.width, 80), rows: clamp(header.height, 24), events, duration }
}

const clamp = (size: unknown, otherwise: number) => (typeof size === 'number' && size >= 1 && size <= 1000 ? Math.floor(size) : otherwise)

function isHeader(value: unknown): value is { version: 2; width?: unknown; height?: unknown } {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 2
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
