import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { idPattern } from '../kernel/id.ts'
import { newId } from '../platform/crypto/random.ts'

/** This server's id among those on one database, made at its first start: sessions say by it who carries them. A data folder is copied without this file. */
export function nodeId(data: string): string {
  const file = join(data, 'node')
  if (existsSync(file)) {
    const known = readFileSync(file, 'utf8').trim()
    if (idPattern('nod').test(known)) return known
  }
  const fresh = newId('nod')
  writeFileSync(file, `${fresh}\n`, { mode: 0o644 })
  return fresh
}

export function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: string }
  return (version ?? '0.0.0').slice(0, 40)
}
