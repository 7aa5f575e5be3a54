import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { openAead, sealAead } from '../../../platform/crypto/aead.ts'
import { deriveKey, lengthPrefixed } from '../../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'
import type { ReaderKeys } from '../segment-keys.ts'
import type { Made } from './make-outline.ts'
import { type Outline, type ReplayScreen, readOutline, readScreen } from './outline.ts'

const [pack, unpack] = [promisify(zstdCompress), promisify(zstdDecompress)]

/** Format, then the salt of the making: all that was made at once is under one key, and nothing of another time opens beside it. */
const format = 1
const saltLength = 32
/** More than an outline or a screen may be. */
const mostBytes = 64 * 1024 * 1024

/** A row as the database keeps it. */
export interface SealedRow {
  n: number
  sealed: Uint8Array
}

/** What is kept of an outline to go on with it; one of lists has no end. */
export interface KeptEnds {
  outline: Uint8Array
  end: SealedRow | undefined
}

/** The outline, and behind it the screens, the last of which is that of its end: the n-th under the nonce n. */
export const sealOutline = (viewers: ReaderKeys['viewers'], { outline, screens, end }: Made): Promise<Buffer[]> =>
  sealParts(viewers, outline.recording, [outline, ...screens, end])

/** What is new of an outline that was gone on with. Screens of before stay as they are, in the makings that their stretches say. */
export async function sealGrown(viewers: ReaderKeys['viewers'], { outline, screens, end }: Made): Promise<SealedRow[]> {
  const from = outline.stretches.length - screens.length + 1
  const rows: [number, unknown][] = [...screens, end].map((screen, i) => [from + i, screen])
  return await sealRows(viewers, outline.recording, [[0, outline], ...rows])
}

export const sealParts = async (viewers: ReaderKeys['viewers'], recording: string, parts: readonly unknown[]): Promise<Buffer[]> =>
  (await sealRows(viewers, recording, [...parts.entries()])).map(({ sealed }) => Buffer.from(sealed))

async function sealRows(
  viewers: ReaderKeys['viewers'],
  recording: string,
  parts: readonly (readonly [n: number, part: unknown])[],
): Promise<SealedRow[]> {
  const salt = randomSecretBytes(saltLength)
  const key = await outlineKey(viewers, recording, salt)
  try {
    const rows: SealedRow[] = []
    for (const [n, part] of parts) {
      const packed = await pack(Buffer.from(JSON.stringify(part)))
      rows.push({ n, sealed: sealAead(key, nonce(n), place(recording, n), packed, Buffer.concat([Buffer.of(format), salt])) })
    }
    return rows
  } finally {
    key.fill(0)
  }
}

/** Undefined where it is none that was made of this recording by who had its key, or not of this making (`salt`). */
export async function openPart(
  viewers: ReaderKeys['viewers'],
  recording: string,
  n: number,
  sealed: Uint8Array,
): Promise<string | undefined> {
  if (sealed[0] !== format || sealed.length < 1 + saltLength) return undefined
  const key = await outlineKey(viewers, recording, sealed.subarray(1, 1 + saltLength))
  try {
    const packed = openAead(key, nonce(n), place(recording, n), sealed.subarray(1 + saltLength))
    return packed && (await unpack(packed, { maxOutputLength: mostBytes })).toString('utf8')
  } finally {
    key.fill(0)
  }
}

/** Says which making an outline or a screen is of. */
export const makingOf = (sealed: Uint8Array): string => Buffer.from(sealed.subarray(1, 1 + saltLength)).toString('hex')

export async function openOutline(
  viewers: ReaderKeys['viewers'],
  recording: string,
  sealed: Uint8Array,
): Promise<{ outline: Outline; making: string } | undefined> {
  const text = await openPart(viewers, recording, 0, sealed)
  return text === undefined ? undefined : { outline: readOutline(text), making: makingOf(sealed) }
}

/**
 * An outline to go on with, and what stood there at its end; undefined where the one does not open, or the other not as that of this making. Its screens stay where they are, so each
 * stretch says in which making that is.
 */
export async function openEnds(
  viewers: ReaderKeys['viewers'],
  recording: string,
  { outline: sealed, end: last }: KeptEnds,
): Promise<{ outline: Outline; making: string; end: ReplayScreen } | undefined> {
  const opened = await openOutline(viewers, recording, sealed).catch(() => undefined)
  const n = opened?.outline.stretches.length
  if (!opened || n === undefined || last?.n !== n + 1 || !opened.outline.end) return undefined
  const end = await openScreen(viewers, { recording, making: opened.making, n }, last.sealed).catch(() => undefined)
  const { outline, making } = opened
  return (
    end && { outline: { ...outline, stretches: outline.stretches.map((one) => ({ ...one, making: one.making ?? making })) }, making, end }
  )
}

/** What stood there when stretch `n` began. */
export async function openScreen(
  viewers: ReaderKeys['viewers'],
  { recording, making, n }: { recording: string; making: string; n: number },
  sealed: Uint8Array,
): Promise<ReplayScreen | undefined> {
  if (makingOf(sealed) !== making) return undefined
  const text = await openPart(viewers, recording, n + 1, sealed)
  return text === undefined ? undefined : readScreen(text)
}

const outlineKey = async (viewers: ReaderKeys['viewers'], recording: string, salt: Uint8Array): Promise<Buffer> => {
  const derive = (key: Uint8Array) => deriveKey(key, `claviger recording 1 outline ${recording}`, salt)
  return viewers instanceof Uint8Array ? derive(viewers) : await viewers.lend('seal', derive)
}

function nonce(n: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(n, 8)
  return bytes
}

const place = (recording: string, n: number): Buffer => lengthPrefixed('claviger recording outline 1', recording, String(n))
