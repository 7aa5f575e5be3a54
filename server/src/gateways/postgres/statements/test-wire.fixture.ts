import { MessageScanner } from '../../../protocols/postgres/index.ts'
import type { StatementEnd, StatementStart } from '../../contract.ts'
import { StatementTracker } from './track-statements.ts'

/** One message of either side. */
export function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

const int16 = (n: number) => Buffer.from([n >> 8, n & 255])
const int32 = (n: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(n)
  return bytes
}

/** What clients send. */
export const send = {
  query: (sql: string) => message('Q', `${sql}\0`),
  parse: (name: string, sql: string) => message('P', `${name}\0${sql}\0`, int16(0)),
  bind: (statement: string, ...values: (string | null)[]) =>
    message(
      'B',
      `\0${statement}\0`,
      int16(0),
      int16(values.length),
      ...values.flatMap((v) => (v === null ? [int32(-1)] : [int32(Buffer.byteLength(v)), v])),
      int16(0),
    ),
  describe: message('D', 'P\0'),
  execute: message('E', '\0', int32(0)),
  close: (name: string) => message('C', `S${name}\0`),
  sync: message('S'),
  copyData: (text: string) => message('d', text),
  copyDone: message('c'),
}

/** What servers answer. */
export const answer = {
  parsed: message('1'),
  bound: message('2'),
  closed: message('3'),
  noData: message('n'),
  row: message('D', int16(1), int32(1), 'x'),
  done: (tag: string) => message('C', `${tag}\0`),
  suspended: message('s'),
  copyIn: message('G', Buffer.from([0]), int16(0)),
  ready: message('Z', 'I'),
  error: (sqlState: string, text = 'no') => message('E', `SERROR\0VERROR\0C${sqlState}\0M${text}\0\0`),
}

/** A tracker with both its scanners, and what it said. */
export function tracked() {
  const started: StatementStart[] = []
  const ended: StatementEnd[] = []
  let now = 0
  const tracker = new StatementTracker({ started: (s) => started.push(s), ended: (e) => ended.push(e), now: () => now })
  const person = new MessageScanner(tracker.fromPerson)
  const target = new MessageScanner(tracker.fromTarget)
  return {
    ...{ tracker, started, ended },
    person: (...bytes: Buffer[]) => bytes.every((b) => person.scan(b)),
    target: (...bytes: Buffer[]) => bytes.every((b) => target.scan(b)),
    pass: (ms: number) => {
      now += ms
    },
  }
}
