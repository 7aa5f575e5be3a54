import { people as api, call } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'
import type { Shell } from '../../kit/shell.ts'

/** Whom a name (or an id) means. */
export async function findPerson(shell: Shell, name: string): Promise<{ id: string; name: string }> {
  if (/^per_[a-z0-9]{10}$/.test(name)) return { id: name, name }
  const { people } = await shell.get(call(shell.server, api.people, { query: { search: name, limit: 500 } }))
  const found = people.find((p) => p.name === name)
  if (!found) throw new CliError('refused', `There is no person ${name}.`, 'claviger people', { code: 'identity.person_unknown' })
  return found
}
