import { z } from 'zod'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { openAead } from '../../platform/crypto/aead.ts'
import { sha256 } from '../../platform/crypto/hash.ts'

/* A recording under an opened kit, as docs/formats.md says it (offline kit). Its bounds: 16 MiB, a line for each piece. */
export const longestRecording = 16 << 20
const format = 'claviger-kit-recording/1'

export const recordedHead = z.strictObject({
  format: z.literal(format),
  kit: z.string().regex(/^kit_[a-z0-9]{10}$/),
  account: z.strictObject({ id: z.string().max(20), name: z.string().max(64), target: z.string().max(64) }),
  custodians: z.array(z.string().max(60)).min(1).max(16),
  announced: z.array(z.strictObject({ road: z.string().max(1000), ok: z.boolean(), why: z.string().max(300).optional() })).max(50),
  startedAt: z.iso.datetime(),
  columns: z.int().min(1).max(10_000),
  rows: z.int().min(1).max(10_000),
  /** An age file to the kit's recording key, with the key of this recording. */
  key: z.string().max(4000),
})
export type RecordedHead = z.infer<typeof recordedHead>

const frame = z.union([
  z.strictObject({ t: z.int().min(0), o: z.base64() }),
  z.strictObject({ t: z.int().min(0), end: z.int().min(0).max(255) }),
])
export type RecordedFrame = z.infer<typeof frame>

export function readHead(lines: readonly string[]): RecordedHead | undefined {
  try {
    return recordedHead.safeParse(JSON.parse(lines[0] ?? '')).data
  } catch {
    return undefined
  }
}

/** Every piece, each bound to the line before it. `line` (from 1) is the first that does not fit: it was changed, moved, or one before it was taken out. */
export function openRecorded(
  lines: readonly string[],
  key: Uint8Array,
): Result<{ frames: RecordedFrame[]; whole: boolean }, { line: number }> {
  const frames: RecordedFrame[] = []
  for (const [at, text] of lines.entries()) {
    if (at === 0) continue
    const nonce = Buffer.alloc(12)
    nonce.writeUInt32BE(at, 8)
    const associated = Buffer.from(`${format}\n${sha256(lines[at - 1] ?? '').toString('hex')}`)
    const plain = openAead(key, nonce, associated, Buffer.from(text, 'base64'))
    // whoever ran the session made the key, too: what is sealed right may still be anything
    const parsed = plain && frame.safeParse(asJson(plain))
    if (!parsed?.success || (frames.length > 0 && 'end' in (frames.at(-1) as RecordedFrame))) return fail({ line: at + 1 })
    frames.push(parsed.data)
  }
  const last = frames.at(-1)
  return ok({ frames, whole: last !== undefined && 'end' in last })
}

function asJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** For players: asciicast version 2. */
export function asCast(head: RecordedHead, frames: readonly RecordedFrame[]): string {
  const decoder = new TextDecoder('utf-8')
  const timestamp = Math.floor(Date.parse(head.startedAt) / 1000)
  const title = `${head.account.name}@${head.account.target}, opened by ${head.custodians.join(' and ')}`
  const lines = [JSON.stringify({ version: 2, width: head.columns, height: head.rows, timestamp, title })]
  for (const piece of frames)
    if ('o' in piece) lines.push(JSON.stringify([piece.t / 1000, 'o', decoder.decode(Buffer.from(piece.o, 'base64'), { stream: true })]))
  return `${lines.join('\n')}\n`
}
