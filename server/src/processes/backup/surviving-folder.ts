import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readRecord } from '../../keeper/seal/installation.ts'
import { readEscrowLine } from '../../keeper/vault/escrow.ts'
import { type KeptNote, readKeptNotes } from './outside-checkpoints.ts'

/** What is left of a keeper's folder, or of the file alone that lay somewhere else. */
export interface Surviving {
  escrow: string
  /** The record and the keys beside it, where the whole folder is there: they may be newer than the backup's. */
  keys: readonly { name: string; bytes: Buffer }[]
  /** Of the ledger, as far as that keeper had seen it. */
  kept: readonly KeptNote[]
}

/** Throws, in a sentence, when there is no escrow. */
export function readSurviving(path: string): Surviving {
  const folder = statSync(path).isDirectory()
  const escrow = folder ? join(path, 'escrow.jsonl') : path
  if (!existsSync(escrow)) throw new Error(`${path} holds no escrow.jsonl.`)
  const names = folder
    ? readdirSync(path).filter((n) => /^(installation\.json|location-[a-z]+(-\d+)?\.sealed|dev-root[a-z0-9-]*\.key)$/.test(n))
    : []
  const checkpoint = folder && existsSync(join(path, 'checkpoint')) ? readFileSync(join(path, 'checkpoint'), 'utf8') : ''
  return {
    escrow: readFileSync(escrow, 'utf8'),
    keys: names.map((name) => ({ name, bytes: readFileSync(join(path, name)) })),
    kept: readKeptNotes(checkpoint),
  }
}

/** Name of the ledger that the folder's record is of; undefined where it has none. */
export const logOf = ({ keys }: Surviving): string | undefined => {
  const record = keys.find((k) => k.name === 'installation.json')
  return record && readRecord(record.bytes.toString('utf8'))?.facts.log
}

/** All lines of all escrows, each once, in the order in which they were written. What is no line of ours stays where it was found. */
export function joinEscrows(texts: readonly string[]): string {
  const lines = new Map<string, string>()
  for (const raw of texts.flatMap((text) => text.split('\n'))) if (raw !== '') lines.set(raw, readEscrowLine(raw)?.at ?? '')
  return [...lines]
    .toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([raw]) => `${raw}\n`)
    .join('')
}
