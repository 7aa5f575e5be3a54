import type { ReadText, TextReader } from './client-encoding.ts'

/** Object ids of PostgreSQL's own types (pg_type.dat), which never change. */
const oid = { bool: 16, int8: 20, int2: 21, int4: 23, text: 25, json: 114, float4: 700, float8: 701, bpchar: 1042, varchar: 1043 }
const more = { date: 1082, timestamp: 1114, timestamptz: 1184, uuid: 2950, name: 19, jsonb: 3802 }

const numeric = 1700
const names = new Map(Object.entries({ ...oid, ...more, numeric }).map(([name, id]) => [id, name]))
/** What PostgreSQL calls a type; of others its number. */
export const typeName = (type: number): string => names.get(type) ?? `type ${type}`

/** PostgreSQL counts time from 2000-01-01. */
const epochMs = Date.UTC(2000, 0, 1)

/**
 * One bound value as people read it: text as the client means it; binary of the common types as PostgreSQL would print it;
 * other binary as `\x…`. All of it: a value may be what a function executes.
 */
export function showParameter(bytes: Buffer, binary: boolean, type: number, read: TextReader): ReadText {
  if (!binary || textual.has(type)) return read(bytes)
  return { text: showBinary(bytes, type) ?? `\\x${bytes.toString('hex')}`, escaped: false }
}

const textual = new Set([oid.text, oid.varchar, oid.bpchar, oid.json, more.name])

function showBinary(bytes: Buffer, type: number): string | undefined {
  const show = readers.get(type)
  return show && show.size === bytes.length ? show.read(bytes) : undefined
}

const readers = new Map<number, { size: number; read(bytes: Buffer): string }>([
  [oid.bool, { size: 1, read: (b) => (b[0] === 0 ? 'f' : 't') }],
  [oid.int2, { size: 2, read: (b) => String(b.readInt16BE()) }],
  [oid.int4, { size: 4, read: (b) => String(b.readInt32BE()) }],
  [oid.int8, { size: 8, read: (b) => String(b.readBigInt64BE()) }],
  [oid.float4, { size: 4, read: (b) => String(Math.fround(b.readFloatBE())) }],
  [oid.float8, { size: 8, read: (b) => String(b.readDoubleBE()) }],
  [more.uuid, { size: 16, read: (b) => b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') }],
  [more.date, { size: 4, read: (b) => day(b.readInt32BE()) }],
  [more.timestamp, { size: 8, read: (b) => instant(b.readBigInt64BE()).replace('Z', '') }],
  [more.timestamptz, { size: 8, read: (b) => instant(b.readBigInt64BE()) }],
])

const day = (days: number): string => dateOf(epochMs + days * 86_400_000)?.slice(0, 10) ?? `${days} days after 2000-01-01`
const instant = (micros: bigint): string => dateOf(epochMs + Number(micros / 1000n)) ?? `${micros} µs after 2000-01-01`

function dateOf(ms: number): string | undefined {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
