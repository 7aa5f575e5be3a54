import pg from 'pg'

/** Names of the types that every PostgreSQL has, by their number; arrays of the usual ones. */
const names = new Map<number, string>(Object.entries(pg.types.builtins).map(([name, oid]) => [oid as number, usual(name.toLowerCase())]))
const arrays = { 1000: 'bool', 1001: 'bytea', 1005: 'int2', 1007: 'int4', 1009: 'text', 1015: 'varchar', 1016: 'int8', 1021: 'float4' }
const moreArrays = { 1022: 'float8', 1115: 'timestamp', 1182: 'date', 1185: 'timestamptz', 1231: 'numeric', 2951: 'uuid', 3807: 'jsonb' }
for (const [oid, of] of Object.entries({ ...arrays, ...moreArrays })) names.set(Number(oid), `${of}[]`)

function usual(name: string): string {
  return name === 'bpchar' ? 'char' : name
}

/** Of a type that this server made itself only the number is known here. */
export const typeName = (oid: number): string => names.get(oid) ?? `type ${oid}`
