import { z } from 'zod'
import { defineRoute } from '../../route.ts'
import { id, time } from '../../values.ts'
import { tag } from './who.ts'

export const issueTicket = defineRoute({
  id: 'issueTicket',
  method: 'POST',
  path: '/api/grants/:id/ticket',
  tag,
  who: 'person',
  summary: 'A connection ticket for my own grant: the password for psql and other database clients, good for five minutes from my address',
  params: z.strictObject({ id: id('grt') }),
  answer: z.strictObject({
    /** Shown this once. It is a secret: it belongs into a password prompt or a password file, not on a command line. */
    ticket: z.string(),
    expiresAt: time,
    /** The user name to give: person@account@target. */
    user: z.string(),
    host: z.string(),
    port: z.int(),
    /** The database that the target's settings name. */
    database: z.string().nullable(),
  }),
})
/** What lets somebody in at the SSH gateway, each in the order in which it is shown; one of them suffices. */
export const sshSignIns = ['key+code', 'certificate', 'password+code', 'key+password+code', 'key+link', 'password+link', 'link'] as const
export type SshSignIn = (typeof sshSignIns)[number]

export const gateways = defineRoute({
  id: 'gateways',
  method: 'GET',
  path: '/api/gateways',
  tag,
  who: 'person',
  summary: 'Where native clients connect to, what lets somebody in by SSH, and how many sessions may be open at once',
  answer: z.strictObject({
    ssh: z.strictObject({ host: z.string(), port: z.int(), signIn: z.array(z.enum(sshSignIns)) }),
    postgres: z.strictObject({ host: z.string(), port: z.int() }),
    mysql: z.strictObject({ host: z.string(), port: z.int() }),
    /** So many sessions may be open at once, at all gateways together. */
    sessions: z.strictObject({ perPerson: z.int(), perAccount: z.int(), perTarget: z.int() }),
  }),
})
export const gatewayCa = defineRoute({
  id: 'gatewayCa',
  method: 'GET',
  path: '/api/gateway-ca.pem',
  tag,
  who: 'anyone',
  summary: 'The authority under which the gateways of databases prove who they are, in PEM: what clients take as sslrootcert or ssl-ca',
  answer: z.string().describe('PEM, as application/x-pem-file'),
})
