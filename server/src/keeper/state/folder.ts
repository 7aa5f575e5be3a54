import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes a file so that after a crash it holds either all of the old or all of the new content, and is on the disk. */
export function writeDurably(file: string, content: Uint8Array | string, mode = 0o600): void {
  const fresh = `${file}.new`
  writeFileSync(fresh, content, { mode })
  sync(fresh)
  renameSync(fresh, file)
  sync(dirname(file))
}

/** What a disk writes whole or not at all. PostgreSQL trusts in the same for its pg_control. */
const oneSector = 512

/**
 * The same for a small file that is written again and again: one of the same length and within a sector is written over in its place. That is one
 * sync of 512 bytes where a fresh file takes two and a rename, which is what a ledger round waits for.
 */
export function overwriteDurably(file: string, content: string): void {
  const bytes = Buffer.from(content, 'utf8')
  if (bytes.length > oneSector || lengthOf(file) !== bytes.length) {
    writeDurably(file, bytes)
    return
  }
  const handle = openSync(file, 'r+')
  try {
    if (writeSync(handle, bytes, 0, bytes.length, 0) !== bytes.length) throw new Error(`${file} could not be written`)
    fdatasyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const lengthOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size

/** Appends one line and waits until the disk has it. */
export function appendDurably(file: string, line: string, mode = 0o600): void {
  const handle = openSync(file, 'a', mode)
  try {
    writeSync(handle, line)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Writes zeros over a file and takes it away. A disk that writes elsewhere, a snapshot and a backup may still have what was in it. */
export function destroyDurably(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    writeSync(handle, new Uint8Array(statSync(file).size), 0, undefined, 0)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  unlinkSync(file)
  sync(dirname(file))
}

function sync(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The keeper's own folder: what lies outside the database, so that a restored database is seen to be old. */
export interface KeeperFolder {
  path(name: string): string
  read(name: string): Buffer | undefined
  write(name: string, content: Uint8Array | string): void
  /** The same, quicker where the file has this length already: for what changes many times a second. */
  overwrite(name: string, content: string): void
  append(name: string, line: string): void
  /** The names of the files in it. */
  list(): string[]
  /** Overwrites a file and takes it away; nothing where there is none. */
  destroy(name: string): void
}

export function openFolder(root: string): KeeperFolder {
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const path = (name: string) => join(root, name)
  return {
    path,
    read: (name) => (existsSync(path(name)) ? readFileSync(path(name)) : undefined),
    write: (name, content) => writeDurably(path(name), content),
    overwrite: (name, content) => overwriteDurably(path(name), content),
    append: (name, line) => appendDurably(path(name), line),
    list: () => readdirSync(root),
    destroy: (name) => {
      if (existsSync(path(name))) destroyDurably(path(name))
    },
  }
}
