import {
  closeSync,
  existsSync,
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
    append: (name, line) => appendDurably(path(name), line),
    list: () => readdirSync(root),
    destroy: (name) => {
      if (existsSync(path(name))) destroyDurably(path(name))
    },
  }
}
