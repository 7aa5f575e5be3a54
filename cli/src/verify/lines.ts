import { type Checkpoint, parseCheckpoint, strictBase64 } from './note.ts'
import { sha256 } from './tree.ts'

/*
 * The lines of an export (docs/formats.md). A line is one JSON object with exactly the fields named here: whatever else
 * stands in it is refused, so that no byte of the file can be changed without being seen.
 */

export interface HeaderLine {
  log: string
  size: number
  checkpoint: Checkpoint
  verifierKey: string
}

export interface EntryLine {
  place: number
  id: string
  /** The id that the signed bytes themselves carry. */
  idInside: unknown
  bytes: Buffer
  /** The leaf hash that the server keeps for this place. */
  leaf: Buffer
  /** Fields whose value and salt do not give the commitment in the entry. */
  wrongFields: string[]
  /** Commitments in the entry whose value was erased from beside it. */
  erased: number
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const hasExactly = (value: Json, ...fields: string[]) => Object.keys(value).sort().join() === fields.sort().join()

/** One line as JSON; undefined when it is not one object from its first character to its last. */
export function parseLine(line: string): Json | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function readHeader(line: Json): HeaderLine | undefined {
  const { format, version, log, size, checkpoint, verifierKey } = line
  if (!hasExactly(line, 'format', 'version', 'log', 'size', 'checkpoint', 'verifierKey')) return undefined
  if (format !== 'claviger-ledger-export' || version !== 1 || typeof checkpoint !== 'string') return undefined
  if (typeof log !== 'string' || typeof verifierKey !== 'string' || !Number.isSafeInteger(size)) return undefined
  const parsed = parseCheckpoint(checkpoint)
  return parsed && { log, size: size as number, checkpoint: parsed, verifierKey }
}

export function readCheckpointLine(line: Json): Checkpoint | undefined {
  return hasExactly(line, 'checkpoint') && typeof line.checkpoint === 'string' ? parseCheckpoint(line.checkpoint) : undefined
}

export function readEntry(line: Json): EntryLine | undefined {
  const { place, id, bytes, leaf, personal } = line
  if (!hasExactly(line, 'place', 'id', 'bytes', 'leaf', 'personal') || !isObject(personal)) return undefined
  if (!Number.isSafeInteger(place) || typeof id !== 'string' || typeof bytes !== 'string' || typeof leaf !== 'string') return undefined
  const exact = strictBase64(bytes)
  if (!exact || !/^[0-9a-f]{64}$/.test(leaf)) return undefined
  const inside = parseLine(exact.toString())
  const committed = isObject(inside?.committed) ? inside.committed : {}
  const wrongFields = Object.keys(personal).filter((field) => !Object.hasOwn(committed, field) || !opens(committed[field], personal[field]))
  const erased = Object.keys(committed).filter((field) => !Object.hasOwn(personal, field)).length
  return { place: place as number, id, idInside: inside?.id, bytes: exact, leaf: Buffer.from(leaf, 'hex'), wrongFields, erased }
}

/** Whether value and salt give the commitment: hex SHA-256(salt ‖ UTF-8 value). */
function opens(commitment: unknown, opened: unknown): boolean {
  if (!isObject(opened) || !hasExactly(opened, 'value', 'salt')) return false
  const salt = typeof opened.salt === 'string' && strictBase64(opened.salt)
  if (!salt || typeof opened.value !== 'string') return false
  return sha256(salt, opened.value).toString('hex') === commitment
}
