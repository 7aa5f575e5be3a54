import { fail, ok, type Result } from '../../kernel/result.ts'
import type { TargetFailure } from '../contract.ts'
import type { RedisClient } from './client.ts'
import { accountGone, notSupported } from './failures.ts'

/** ACL LIST, a line for each user. */
export async function readUsers(client: RedisClient): Promise<string[]> {
  const lines = await client.call('ACL', 'LIST')
  return Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : []
}

export const userIsThere = async (client: RedisClient, name: string): Promise<boolean> =>
  (await client.call('ACL', 'GETUSER', name)) !== null

/** Refuses names that would be read as two, or not be read again from the ACL file. */
export const nameProblem = (name: string): Result<void, TargetFailure> =>
  /^[^\s\0]{1,128}$/.test(name) ? ok(undefined) : fail({ code: 'target.not_permitted', detail: 'a name of a Redis user holds no blank' })

/** Where users are kept over a restart. */
export type Keeping = 'aclfile' | 'config'

/**
 * Finds out, before anything is changed, whether a change would outlive a restart: without an ACL file and without a
 * configuration file the old password is back as soon as the server starts again.
 */
export async function keepingOf(client: RedisClient): Promise<Result<Keeping, TargetFailure>> {
  const answer = await client.call('CONFIG', 'GET', 'aclfile')
  if (Array.isArray(answer) && typeof answer[1] === 'string' && answer[1] !== '') return ok('aclfile')
  const info = String(await client.call('INFO', 'server'))
  if (/^config_file:\S/m.test(info)) return ok('config')
  return notSupported('it keeps its users in memory only: a change would be gone after its next start. Give it an aclfile')
}

export const keep = async (client: RedisClient, keeping: Keeping): Promise<void> =>
  void (await (keeping === 'aclfile' ? client.call('ACL', 'SAVE') : client.call('CONFIG', 'REWRITE')))

/** Changes one user that is there, and has the server keep it. Twice is as good as once. */
export async function changeUser(client: RedisClient, name: string, ...rules: string[]): Promise<Result<void, TargetFailure>> {
  const problem = nameProblem(name)
  if (!problem.ok) return problem
  const keeping = await keepingOf(client)
  if (!keeping.ok) return keeping
  if (!(await userIsThere(client, name))) return accountGone(name)
  await client.call('ACL', 'SETUSER', name, ...rules)
  await keep(client, keeping.value)
  return ok(undefined)
}
