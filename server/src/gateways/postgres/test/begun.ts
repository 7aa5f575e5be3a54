import { until } from '../../../../../test/support/until.ts'

/** A statement is written down before the target has it, and what did not begin a server does not cancel: waits until the target runs it. */
export async function begun(sql: (text: string) => Promise<readonly object[]>, statement: string): Promise<void> {
  const running = `select 1 from pg_stat_activity where query = '${statement.replaceAll("'", "''")}' and state = 'active'`
  await until(`that the target runs ${statement}`, async () => (await sql(running)).length > 0, 60)
}
