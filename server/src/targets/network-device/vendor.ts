/*
 * Terminology
 *
 * - vendor: how the devices of one maker talk: what they ask and answer, as data. No vendor has code of its own
 * - prompt: what a device shows when it waits for a command; told apart by how the line ends
 * - line: a command with places for `{account}` and `{password}`, and for nothing else
 */
import { z } from 'zod'

const ending = z.string().min(1).max(20)
const place = /\{[^}]*\}/g
/** One command. What is put into it is checked first: no space, no line end, nothing that the device reads in its own way. */
const line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/, 'must be one line')
  .refine((text) => (text.match(place) ?? []).every((one) => one === '{account}' || one === '{password}'), 'knows {account} and {password}')
const lines = z.array(line).min(1).max(10)
const words = z.array(z.string().min(1).max(100)).max(20)

/** How the devices of one vendor are talked to. Bounded, and parsed where it is loaded: a description that is wrong stops the start. */
export const vendorDescription = z.strictObject({
  /** What the settings call it. */
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** How the last line ends: where a command may be given that changes nothing, that changes something, and inside the configuration. */
  prompts: z.strictObject({ user: ending, privileged: ending, config: ending }),
  /** Said first: no paging, and lines that are not broken. */
  quiet: lines,
  /** What is shown where it pages all the same, and what goes on. */
  more: z.strictObject({ shows: z.string().min(3).max(40), answer: z.string().min(1).max(2) }),
  /** Shows the configured accounts, each on a line that begins with `begins`, the name behind it. */
  list: z.strictObject({ command: line, begins: z.string().min(1).max(40), privilege: z.string().min(1).max(40) }),
  change: z.strictObject({ enter: line, set: line, leave: line, save: line }),
  /** Beginnings of lines with which it refuses: a command that it does not know, a right that is missing, a password that it does not want. */
  refusals: z.strictObject({ unknown: words, right: words, password: words }),
  password: z.strictObject({
    longest: z.int().min(1).max(128),
    /** Characters that it reads in its own way. */
    excluded: z.string().max(64),
  }),
})
export type Vendor = z.infer<typeof vendorDescription>

/** A command with what belongs into it, as bytes that the caller wipes. */
export function fill(template: string, values: { account: string; password?: Uint8Array }): Buffer {
  const parts = template.split(/(\{account\}|\{password\})/).map((part) => {
    if (part === '{account}') return Buffer.from(values.account)
    if (part === '{password}') return Buffer.from(values.password ?? [])
    return Buffer.from(part)
  })
  return Buffer.concat([...parts, Buffer.from('\n')])
}
