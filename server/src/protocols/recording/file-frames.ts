import { Fields, text } from './statement-fields.ts'
import { varint } from './varint.ts'

export const fileOps = ['get', 'put', 'list', 'remove', 'rename', 'mkdir', 'rmdir', 'link', 'symlink', 'attributes', 'copy'] as const
export const fileOutcomes = ['open', 'ok', 'failed', 'cut'] as const

/** What was done to a file (docs/formats.md, Files): once when it went to the target, and once when it had ended. */
export interface FileBody {
  kind: 'file'
  n: number
  op: (typeof fileOps)[number]
  outcome: (typeof fileOutcomes)[number]
  /** Offset in the file. */
  from: number
  /** Bytes of contents that passed. */
  size: number | null
  path: string
  to: string | null
  /** In hex. */
  sha256: string | null
  message: string | null
}

export function encodeFile({ n, op, outcome, from, size, path, to, sha256, message }: FileBody): Uint8Array {
  const codes = Uint8Array.of(fileOps.indexOf(op), fileOutcomes.indexOf(outcome))
  const numbers = [varint(from), varint(size === null ? 0 : size + 1)]
  return Buffer.concat([varint(n), codes, ...numbers, ...[path, to, sha256, message].map((value) => text(value ?? ''))])
}

export function decodeFile(body: Uint8Array): FileBody | undefined {
  const read = new Fields(body)
  const n = read.number()
  const [op, outcome] = [fileOps[read.byte()], fileOutcomes[read.byte()]]
  const [from, size] = [read.number(), read.number()]
  const [path, to, sha256, message] = [read.text(), read.text() || null, read.text() || null, read.text() || null]
  if (!read.whole || !op || !outcome) return undefined
  return { kind: 'file', n, op, outcome, from, size: size === 0 ? null : size - 1, path, to, sha256, message }
}
