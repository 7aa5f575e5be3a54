import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readRecord } from '../../keeper/seal/installation.ts'
import { type KeptNote, readKeptNotes } from './outside-checkpoints.ts'

/** What is left of a keeper's folder, or of the file alone that lay somewhere else. */
export interface Surviving {
  /** Path of the escrow: it may be longer than memory. */
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
    escrow,
    keys: names.map((name) => ({ name, bytes: readFileSync(join(path, name)) })),
    kept: readKeptNotes(checkpoint),
  }
}

/** Name of the ledger that the folder's record is of; undefined where it has none. */
export const logOf = ({ keys }: Surviving): string | undefined => {
  const record = keys.find((k) => k.name === 'installation.json')
  return record && readRecord(record.bytes.toString('utf8'))?.facts.log
}
