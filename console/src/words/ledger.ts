import type { audit } from '@claviger/api'
import type { Tone } from './access.ts'

export function phaseOf(entry: Pick<audit.Entry, 'phase'>): { word: string; tone: Tone } | undefined {
  if (entry.phase === 'alarm') return { word: 'Alarm', tone: 'bad' }
  if (entry.phase === 'refused') return { word: 'Refused', tone: 'wait' }
  if (entry.phase === 'intent') return { word: 'Intent', tone: 'over' }
  return undefined
}

const most = 5
/** Long proofs, and ids of what has no page of its own. */
const dull = new Set([
  'manifest',
  'signature',
  'header',
  'head',
  'obligations',
  'identity',
  'digest',
  'rotation',
  'recording',
  'approval',
  'action',
  'notice',
])
const plain = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(plain).join(', ')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** The fields that say something to a person: not the thing itself, no proofs, nothing empty. What was said comes before what was written. */
export function detailsOf(entry: Pick<audit.Entry, 'fields' | 'personal'>, subject: string): [string, string][] {
  return [...Object.entries(entry.personal), ...Object.entries(entry.fields)]
    .map(([name, value]): [string, string] => [name, plain(value)])
    .filter(([name, said]) => said !== '' && said !== 'null' && said !== subject && !dull.has(name))
    .slice(0, most)
}
