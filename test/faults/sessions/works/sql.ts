import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, session } from '@claviger/api'
import { must } from '../../../support/person.ts'
import { type Program, startProgram } from '../../../support/process.ts'
import { begins, fresh, plenty, shownAt } from './lines.ts'
import { shown } from './terminal.ts'
import type { Doors, Mark, Work } from './work.ts'

/** A ticket is good for five minutes and many tries: who asks for one each time soon gets no more. */
const known = new Map<string, { until: number; ticket: string; user: string }>()

async function ticketFor(doors: Doors, grant: string): Promise<{ ticket: string; user: string; ca: string }> {
  const { api } = await doors.person()
  const ca = join(doors.work, 'gateway-ca.pem')
  writeFileSync(ca, must(await call({ base: api.base }, session.gatewayCa)))
  const before = known.get(grant)
  if (before && performance.now() < before.until) return { ...before, ca }
  const { ticket, user } = must(await call(api, session.issueTicket, { params: { id: grant as never } }))
  known.set(grant, { until: performance.now() + 200_000, ticket, user })
  return { ticket, user, ca }
}

/** One statement after the other: the answer of each is waited for before the next is asked. */
async function asking(
  work: Omit<Work, 'marks' | keyof ReturnType<typeof shown>>,
  program: Program,
  grant: string,
  sql: (word: string) => string,
) {
  const word = fresh()
  const marks: Mark[] = []
  void (async () => {
    for (let number = 0; !program.over(); number++) {
      const long = `${word}-${number}-${plenty(450)}`
      const text = sql(long)
      const shown = shownAt(program, `seen:${long}\n`)
      program.child.stdin?.write(`${text};\n`)
      const at = await shown
      if (at === undefined) break
      marks.push({ at, text })
      await sleep(120)
    }
  })()
  await begins(work.name, program, marks).catch((error) => {
    if (/ticket/.test(program.said())) known.delete(grant)
    throw error
  })
  return { ...work, ...shown(program), marks: () => marks }
}

/** The real psql over TLS with a connection ticket. */
export async function psql(doors: Doors, at: string, grant: string): Promise<Work> {
  const { ticket, user, ca } = await ticketFor(doors, grant)
  const env = {
    ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: `${doors.port('postgres')}`, PGUSER: user, PGPASSWORD: ticket },
    ...{ PGDATABASE: 'postgres', PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca, PGCONNECT_TIMEOUT: '60' },
  }
  const program = startProgram('psql', ['-X', '-A', '-t', '-q'], { seconds: 600, env })
  return await asking({ name: `psql at ${at}`, wire: 'postgres', kind: 'sql' }, program, grant, (word) => `select 'seen:' || '${word}'`)
}

/** The real mariadb the same way. */
export async function mariadb(doors: Doors, at: string, grant: string): Promise<Work> {
  const { ticket, user, ca } = await ticketFor(doors, grant)
  const where = ['-h', '127.0.0.1', '-P', `${doors.port('mysql')}`, '-u', user, `--ssl-ca=${ca}`, '--ssl-verify-server-cert']
  const env = { PATH: process.env.PATH, MYSQL_PWD: ticket }
  const program = startProgram('mariadb', ['--no-defaults', ...where, '-N', '-B', '--unbuffered'], { seconds: 600, env })
  return await asking(
    { name: `mariadb at ${at}`, wire: 'mysql', kind: 'sql' },
    program,
    grant,
    (word) => `select concat('seen:', '${word}')`,
  )
}
