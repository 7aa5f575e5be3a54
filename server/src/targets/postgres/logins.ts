import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity, SeenLogin, TargetFailure } from '../contract.ts'
import { statementFailure } from './failures.ts'
import { logIn } from './login.ts'
import type { PostgresSettings } from './settings.ts'

const patience = 30_000
const mostLogins = 5_000

/** What is connected now. Who neither is a superuser nor a member of pg_read_all_stats sees other roles without their address, and these are left out. */
export async function logins(
  settings: PostgresSettings,
  identity: PinnedIdentity,
  as: Login,
  dial: Dial,
): Promise<Result<readonly SeenLogin[], TargetFailure>> {
  const client = await logIn(settings, identity, as, dial, patience)
  if (!client.ok) return client
  try {
    return ok(
      await client.value.query<SeenLogin>(`
        select usename::text as account, coalesce(host(client_addr), 'local') as address, left(application_name, 100) as program,
          (greatest(0, extract(epoch from clock_timestamp() - min(backend_start))) * 1000)::float8 as "agoMs", true as still,
          client_addr is not distinct from inet_client_addr() as ours
        from pg_stat_activity
        where backend_type = 'client backend' and usename is not null and pid <> pg_backend_pid() and application_name is not null
          and (client_addr is not null or client_port is not null)
        group by usename, client_addr, left(application_name, 100)
        limit ${mostLogins}`),
    )
  } catch (error) {
    return fail(statementFailure(error))
  } finally {
    await client.value.close()
  }
}
