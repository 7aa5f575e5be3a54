import { z } from 'zod'

/*
 * Terminology
 *
 * - outline: what a replay knows of a recording before any of it is fetched: its length, where nothing happened, commands, stretches
 * - stretch: a run of whole blocks of the file that is fetched, checked and shown at a time
 * - screen: what stood in the terminal when a stretch began, as output that brings an empty terminal there
 * - making: what was sealed at a time, under one salt; of a recording that is still written, an outline is gone on with, and each time is a making
 */

const hash = z.string().regex(/^[0-9a-f]{64}$/)
export const offset = z.int().min(0)
const seconds = z.number().min(0)

/** Where a stretch lies, and what holds it there. */
export const place = z.strictObject({
  /** Bytes of the file. */
  from: offset,
  to: offset,
  /** The chain at its two ends: the hash of the block before it, and that of its last one. */
  before: hash,
  after: hash,
  /** Of its first chunk. */
  chunk: z.int().min(0),
})
export type Place = z.infer<typeof place>

/** The first bytes of a character, in hex. */
const cut = z.string().regex(/^([0-9a-f]{2}){0,3}$/)

const stretch = z.strictObject({
  ...place.shape,
  /** From this second on. */
  seconds,
  /** Output that the stretch before broke off in. */
  bytes: cut,
  /** In which making its screen was sealed, where that is an earlier one than the outline's. */
  making: hash.optional(),
})
export type Stretch = z.infer<typeof stretch>

/** Of a segment's header, what opens and places its chunks. */
export const segment = z.strictObject({
  n: z.int().min(1),
  salt: hash,
  compression: z.enum(['none', 'zstd']),
  /** Microseconds since 1970. */
  started: z.int(),
})

/** What an outline is of, and how what is in it is opened. */
export const outlined = z.strictObject({
  recording: z.string().max(64),
  /** Of the file that it was made of: it is good for no other. */
  bytes: offset,
  head: hash,
  chunks: z.int().min(0),
  segments: z.array(segment),
})
export type Outlined = z.infer<typeof outlined>

const outline = z.strictObject({
  ...outlined.shape,
  columns: z.int().min(1),
  rows: z.int().min(1),
  /** Lines end with a bare line feed, as a command without a terminal ends them. */
  rawLines: z.boolean(),
  /** To the last output. */
  seconds,
  /** Nothing was shown for longer than a replay waits. */
  gaps: z.array(z.tuple([seconds, seconds])),
  stretches: z.array(stretch),
  commands: z.array(z.strictObject({ seconds, text: z.string() })),
  /** Commands that are not listed, for there are too many. */
  moreCommands: z.int().min(0),
  keystrokes: z.strictObject({ proven: z.int().min(0), unproven: z.int().min(0) }),
  /** How it goes on behind its end: what the output broke off in, what the last stretch is worth, and with how much it is over. */
  end: z.strictObject({ bytes: cut, worth: z.int().min(0), enough: z.int().min(1) }).optional(),
})
export type Outline = z.infer<typeof outline>

export const readOutline = (text: string): Outline => outline.parse(JSON.parse(text))

const screen = z.strictObject({ columns: z.int().min(1), rows: z.int().min(1), text: z.string() })
export type ReplayScreen = z.infer<typeof screen>

export const readScreen = (text: string): ReplayScreen => screen.parse(JSON.parse(text))
