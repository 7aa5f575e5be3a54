import { cardNumber } from '../../server/src/domains/recording/cards/planted.fixture.ts'
import type { Superuser } from './superuser.ts'

/** Card numbers, no two alike, and a search for any of them in any text: as they are, with spaces or dashes, and as hexadecimal bytes of either. */
export function plantCards(count: number): { numbers: string[]; findIn(text: string): string[] } {
  const numbers = Array.from({ length: count }, (_, i) => cardNumber(i))
  const all = new Set(numbers)
  const among = (digits: string): string[] => {
    const found: string[] = []
    for (let from = 0; from + 13 <= digits.length; from++)
      for (let length = 13; length <= 19; length++)
        if (all.has(digits.slice(from, from + length))) found.push(digits.slice(from, from + length))
    return found
  }
  const plain = (text: string) => [...text.matchAll(/\d(?:[ -]{0,3}\d){12,}/g)].flatMap(([run]) => among(run.replaceAll(/[ -]/g, '')))
  const hidden = (text: string) =>
    [...text.matchAll(/(?:3[0-9](?:2[0d])?){13,}/gi)].flatMap(([run]) => plain(Buffer.from(run, 'hex').toString('latin1')))
  return { numbers, findIn: (text) => [...plain(text), ...hidden(text)] }
}

/** Every row of every table, as the database's superuser reads it. */
export async function allRows(db: Superuser): Promise<string[]> {
  const tables = await db.sql<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')`,
  )
  const rows: string[] = []
  for (const { name } of tables) rows.push(...(await db.sql<{ row: string }>(`select t::text as row from ${name} t`)).map(({ row }) => row))
  return rows
}
