import { z } from 'zod'
import type { KeeperFolder } from '../state/folder.ts'
import { linesOf } from './escrow-lines.ts'
import type { VersionRow } from './vault.store.ts'
import { writeTogether } from './write-together.ts'

const line = z.strictObject({
  owner: z.tuple([z.string(), z.string(), z.string()]),
  version: z.int(),
  location: z.string(),
  wrapped: z.base64(),
  ciphertext: z.base64(),
  public: z.string().nullable(),
  rotation: z.string().nullable(),
  at: z.string(),
})

export type Escrowed = Omit<VersionRow, 'created_at' | 'state'>

export const escrowFile = 'escrow.jsonl'

/**
 * The file outside the database into which every sealed candidate goes before its target hears of it. After an old database is restored, what is
 * missing there is here: a credential cannot be lost with a backup. Only what was destroyed is taken out (escrow-drop.ts); when location keys are rotated it is written anew.
 */
export function openEscrow(folder: KeeperFolder): (row: Escrowed, at: Date) => Promise<void> {
  const write = writeTogether((text) => folder.append(escrowFile, text))
  // on a line of its own, also behind one that a crash or a full disk cut off: glued together neither could be read
  return (row, at) => write(`\n${escrowLine(row, at.toISOString())}\n`)
}

export function escrowLine(row: Escrowed, at: string): string {
  const record: z.infer<typeof line> = {
    owner: [row.owner_kind, row.owner_id, row.what],
    version: row.version,
    location: row.location,
    wrapped: row.wrapped_key.toString('base64'),
    ciphertext: row.ciphertext.toString('base64'),
    public: row.public,
    rotation: row.rotation_id,
    at,
  }
  return JSON.stringify(record)
}

/** Reads the escrow, oldest first. A line that was cut off was never answered for, and is passed over. */
export function escrowRead(folder: KeeperFolder): Escrowed[] {
  const whole = linesOf(folder.read(escrowFile) ?? Buffer.alloc(0)).slice(0, -1)
  return whole.flatMap((raw) => {
    const read = readEscrowLine(raw)
    if (!read) return []
    const { at: _, ...row } = read
    return [row]
  })
}

/** One line; undefined when it is none of ours. */
export function readEscrowLine(raw: Buffer | string): (Escrowed & { at: string }) | undefined {
  let json: unknown
  try {
    json = JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
  const parsed = line.safeParse(json)
  if (!parsed.success) return undefined
  const { owner, version, location, wrapped, ciphertext, rotation, at } = parsed.data
  const [owner_kind, owner_id, what] = owner
  return {
    owner_kind,
    owner_id,
    what,
    version,
    location,
    wrapped_key: Buffer.from(wrapped, 'base64'),
    ciphertext: Buffer.from(ciphertext, 'base64'),
    public: parsed.data.public,
    rotation_id: rotation,
    at,
  }
}
