import { createHash } from 'node:crypto'
import type { asks } from '@claviger/api'

type Asked = Pick<asks.SessionAsk, 'id' | 'session' | 'accountId' | 'act' | 'salt'> & { person: { id: string } }

/** What a yes to this act is bound to, from what is shown of it alone (docs/formats.md, asked acts): the server is not asked. */
export function askDigest({ id, session, person, accountId, act, salt }: Asked): string {
  const what = sorted({ id, session_id: session, person_id: person.id, account_id: accountId, act })
  const hash = createHash('sha256')
  for (const part of ['claviger/ask/v2', salt ?? '', what]) {
    const bytes = Buffer.from(part, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  return hash.digest('hex')
}

/** JSON with the keys of each object in their order, without spaces. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, of]) => of !== undefined)
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, of]) => `${JSON.stringify(name)}:${sorted(of)}`)
    .join(',')}}`
}
