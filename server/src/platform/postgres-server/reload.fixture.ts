import { setTimeout as delay } from 'node:timers/promises'

/**
 * For tests: has a server read its configuration again, and waits until it has. `pg_reload_conf` alone sends a signal: who comes in at once may still be
 * let in by the rules of before.
 */
export async function reload(sql: (text: string) => Promise<readonly object[]>): Promise<void> {
  const [asked] = (await sql('select clock_timestamp()::text as at')) as { at: string }[]
  await sql('select pg_reload_conf()')
  const done = `select pg_conf_load_time() >= '${asked?.at}'::timestamptz as done`
  for (let tries = 0; tries < 600; tries++) {
    const [answer] = (await sql(done)) as { done: boolean }[]
    if (answer?.done) return
    await delay(50)
  }
  throw new Error('the server did not read its configuration again')
}
