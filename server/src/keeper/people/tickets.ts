import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { Fact, FactReader } from '../facts/fact-reader.ts'
import type { KeeperKeys } from '../keys.ts'
import { refuse } from '../refuse.ts'
import type { Present } from './presence.ts'
import { countTickets, deleteTicketsBefore, insertTicket, readTicket, type TicketRow } from './tickets.store.ts'

export interface TicketKind {
  /** What its MAC is made for: a ticket of one kind is none of another. */
  purpose: string
  /** The beginning tells what it is where one is found, and lets printers blank it. */
  prefix: string
  validMs: number
  /** Behind "This": what people call it. */
  called: string
  another: string
}

/** For clients of a gateway that cannot be asked for a code. */
export const forConnections: TicketKind = {
  ...{ purpose: 'connection-ticket', prefix: 'clvt_', validMs: 5 * 60_000, called: 'connection ticket' },
  another: 'Get a new one: claviger connect, or the console.',
}
/** For programs that read a credential under their person's grant. As long as a code counts as fresh: policy asks for that at each read. */
export const forReads: TicketKind = {
  ...{ purpose: 'read-ticket', prefix: 'clvr_', validMs: 15 * 60_000, called: 'read ticket' },
  another: 'Get a new one with a fresh code: claviger read-ticket.',
}

/** Nobody needs more at a time; a loop that asks for them is stopped. */
const mostOfAGrant = 50
/** Expired ones are kept for a while, so that their holder is told that they expired. */
const keptMs = 24 * 3600_000

/** What a client that cannot be asked for a code shows instead: bound to a person, a grant and an address, for minutes. */
export interface Tickets {
  issue(grant: string, from: string, present: Present): Promise<Result<{ ticket: Secret; expiresAt: Date }, KeeperRefusal>>
  /** The row behind a ticket that is genuine, in time and shown from the address for which it was given. Consumes `ticket`. */
  recognise(ticket: Secret, from: string): Promise<Result<{ row: TicketRow; person: Fact }, KeeperRefusal>>
}

export function createTickets(
  deps: { pool: pg.Pool; keys: KeeperKeys; facts: FactReader; epoch: () => number; now: () => Date },
  kind: TicketKind,
): Tickets {
  const { pool, keys, facts, epoch, now } = deps
  const { purpose, prefix, validMs, called, another } = kind
  const minutes = validMs / 60_000
  /** Epoch and revision of the person are in it: a new epoch voids every ticket, and so does whatever happens to the person. */
  const parts = (revision: number, r: Omit<TicketRow, 'mac'>) => [
    String(epoch()),
    String(revision),
    r.ticket_hash.toString('hex'),
    r.person_id,
    r.grant_id,
    r.source,
    r.shown_at.toISOString(),
    r.shown_until.toISOString(),
    r.expires_at.toISOString(),
  ]
  const unknown = () => refuse('ticket.unknown', `This ${called} is not known. ${another}`)

  return {
    async issue(grant, from, present) {
      const at = now()
      await deleteTicketsBefore(pool, new Date(at.getTime() - keptMs))
      if ((await countTickets(pool, grant, at)) >= mostOfAGrant)
        return refuse(
          'ticket.too_many',
          `This grant has ${mostOfAGrant} ${called}s that are still good. Use one of them, or wait ${minutes} minutes.`,
        )
      const text = `${prefix}${randomToken(16)}`
      const row = {
        ticket_hash: sha256(text),
        person_id: present.person,
        grant_id: grant,
        source: oneAddress(from),
        shown_at: present.at,
        shown_until: present.until,
        expires_at: new Date(Math.min(at.getTime() + validMs, present.until.getTime())),
      }
      await insertTicket(pool, { ...row, mac: keys.mac(purpose, ...parts(present.revision, row)) })
      return ok({ ticket: Secret.fromText(text), expiresAt: row.expires_at })
    },

    async recognise(ticket, from) {
      const hash = await ticket.use('recognise', (bytes) => sha256(bytes))
      const row = await readTicket(pool, hash)
      if (!row) return unknown()
      const person = await facts.read('person', row.person_id)
      // whose it is cannot be believed before the MAC was looked at
      if (!person.ok) return person.error.code === 'keeper.unknown_row' ? unknown() : person
      if (!keys.hasMac(row.mac, purpose, ...parts(person.value.revision, row))) {
        const { state } = person.value.content
        return state === 'active' ? unknown() : refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
      }
      if (row.source !== oneAddress(from))
        return refuse('ticket.elsewhere', `This ${called} was given to another address. Get one on the machine that uses it. ${another}`)
      if (row.expires_at <= now())
        return refuse('ticket.expired', `This ${called} has expired: they are good for ${minutes} minutes. ${another}`)
      return ok({ row, person: person.value })
    },
  }
}

/** One name for one machine: an IPv4 address that came in by IPv6 is the same, and loopback is loopback. */
function oneAddress(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  return plain === '::1' || /^127\./.test(plain) ? 'loopback' : plain
}
