import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, session } from '@claviger/api'
import type { Claviger } from '../../support/claviger.ts'
import { must, type Person } from '../../support/person.ts'
import { startProgram } from '../../support/process.ts'
import { until } from '../../support/until.ts'
import type { Connection, Way } from './way.ts'

/** How often somebody asks something: psql learns that its connection is gone only when it asks. */
const pulseMs = 300

/** The real psql over TLS with a connection ticket. It works all the time, so that faults strike in the middle of statements. */
export const psqlWay = (claviger: Claviger, at: string): Way => {
  const tickets = ticketsOf(claviger)
  return { at, open: async (person, grant) => await openPsql(tickets, person, grant) }
}

async function openPsql(tickets: Tickets, person: Person, grant: string): Promise<Connection> {
  const env = await tickets.environment(person, grant)
  const psql = startProgram('psql', ['-X', '-A', '-t', '-q'], { env, seconds: 1_800 })
  let line = Promise.resolve()
  /** One statement after the other: the answer of each is waited for before the next is asked. */
  const ask = (sql: string, answer: RegExp, seconds: number): Promise<void> => {
    const mine = line.then(async () => {
      const from = psql.said().length
      psql.child.stdin?.write(`${sql};\n`)
      await until(
        () => `${answer} from psql, which says: ${psql.said().slice(-600)}`,
        () => {
          const answered = answer.test(psql.said().slice(from))
          if (!answered && psql.over()) throw new Error(`psql ended before ${answer}: ${psql.said().slice(-600)}`)
          return answered
        },
        seconds,
      )
    })
    line = mine.catch(() => undefined)
    return mine
  }
  try {
    await ask(`select 'rea' || 'dy'`, /ready/, 90)
    if (!/This session is recorded/.test(psql.said())) throw new Error(`nobody said that it is recorded: ${psql.said().slice(-600)}`)
  } catch (error) {
    if (/ticket/.test(psql.said())) tickets.forget()
    psql.kill()
    throw error
  }
  void (async () => {
    for (let pulse = 0; !psql.over(); pulse++) {
      await sleep(pulseMs)
      if (!psql.over()) await ask(`select 'pulse-' || ${pulse}`, new RegExp(`pulse-${pulse}\n`), 120).catch(() => psql.kill())
    }
  })()
  return {
    ...{ over: psql.over, ended: psql.ended, kill: psql.kill },
    // the answer differs from the text, and an error that quotes the text is no answer
    show: (marker) => ask(`select 'seen:' || '${marker}'`, new RegExp(`seen:${marker}\n`), 60),
  }
}

interface Tickets {
  /** psql's environment. A ticket is good for five minutes and many tries: who asks for one each time soon gets no more. */
  environment(person: Person, grant: string): Promise<NodeJS.ProcessEnv>
  /** It was refused: the next try asks for another one. */
  forget(): void
}

function ticketsOf({ base, work }: Claviger): Tickets {
  let known: { grant: string; until: number; env: NodeJS.ProcessEnv } | undefined
  return {
    async environment(person, grant) {
      if (known?.grant === grant && performance.now() < known.until) return known.env
      const { ticket, user, port } = must(await call(person.api, session.issueTicket, { params: { id: grant } }))
      const file = join(work, 'gateway-ca.pem')
      writeFileSync(file, must(await call({ base }, session.gatewayCa)))
      const env = {
        ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: `${port}`, PGUSER: user, PGPASSWORD: ticket, PGDATABASE: 'postgres' },
        ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: file, PGCONNECT_TIMEOUT: '60' },
      }
      known = { grant, until: performance.now() + 240_000, env }
      return env
    },
    forget() {
      known = undefined
    },
  }
}
