import { errorBody } from './server-login.ts'

/*
 * A server of MySQL has no way to say something to a client that did not ask. Between a door of ours and a page of ours there is one: an ERR_Packet
 * of a number that no server uses. It is given to no other client, which would take it for the end of its statement.
 */

/** A sentence for the person, or that nothing passes (or passes again). */
export type Aside = { kind: 'said'; message: string } | { kind: 'suspended'; suspended: boolean }

const number = 0xffff
const states = { said: 'CLV01', suspended: 'CLV02', passing: 'CLV03' } as const

/** The body of its packet. */
export const aside = (said: Aside): Buffer =>
  said.kind === 'said'
    ? errorBody(number, states.said, said.message)
    : errorBody(number, said.suspended ? states.suspended : states.passing, '')

/** Undefined where the packet is an answer. */
export function readAside(body: Buffer): Aside | undefined {
  if (body[0] !== 0xff || body.length < 9 || body.readUInt16LE(1) !== number || body[3] !== 0x23) return undefined
  const state = body.toString('latin1', 4, 9)
  if (state === states.said) return { kind: 'said', message: body.toString('utf8', 9) }
  if (state === states.suspended || state === states.passing) return { kind: 'suspended', suspended: state === states.suspended }
  return undefined
}
