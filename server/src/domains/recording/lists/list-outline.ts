import { z } from 'zod'
import { outlined, place } from '../replay/outline.ts'

/*
 * Terminology
 *
 * - list: the statements of an SQL session, or what a transfer did to files, counted from 1
 * - outline of a list: where in the recording which of them begin, so that a page is read without what is before and behind it
 * - late: what is recorded of one of them in a stretch behind that in which it began, such as its end
 */

const number = z.int().min(1)

const stretch = z.strictObject({
  ...place.shape,
  /** The first one that begins in it, or that would. */
  first: number,
  late: z.array(number),
})
export type ListStretch = z.infer<typeof stretch>

const outline = z.strictObject({
  ...outlined.shape,
  kind: z.enum(['sql', 'files']),
  stretches: z.array(stretch),
  total: z.int().min(0),
})
export type ListOutline = z.infer<typeof outline>
export type ListKind = ListOutline['kind']

export const readListOutline = (text: string): ListOutline => outline.parse(JSON.parse(text))
