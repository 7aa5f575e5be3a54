import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, time } from '../values.ts'

const tag = 'sessions'

/** `misread`: another number was typed than stands in the terminal. `over`: nobody waits for it any more. */
export const signInLinkState = z.enum(['waiting', 'confirmed', 'refused', 'misread', 'over'])

export const shownLink = z.strictObject({
  /** What stands in the link. */
  code: z.string(),
  door: z.literal('ssh'),
  account: z.string(),
  target: z.string(),
  /** From where the connection comes. */
  address: z.string(),
  /** Whether that is the address from which you ask. */
  here: z.boolean(),
  /** What the client calls itself. */
  client: z.string(),
  /** What was shown before; null: nothing, so that anybody may have made it who knows your name. */
  shown: z.enum(['key', 'password']).nullable(),
  askedAt: time,
  expiresAt: time,
  state: signInLinkState,
})
export type SignInLink = z.infer<typeof shownLink>

const params = z.strictObject({
  code: z
    .string()
    .regex(/^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$/, 'what stands behind /link/ in the terminal, such as 7KQ2-M9XD')
    .meta({ description: 'What stands in the link', examples: ['7KQ2-M9XD'] }),
})

export const signInLink = defineRoute({
  id: 'signInLink',
  method: 'GET',
  path: '/api/sign-in-links/:code',
  tag,
  who: 'person',
  summary: 'A connection at a gateway in my name that waits for me to confirm it',
  about: 'Of somebody else it is not there.',
  params,
  answer: shownLink,
})
export const confirmSignInLink = defineRoute({
  id: 'confirmSignInLink',
  method: 'POST',
  path: '/api/sign-in-links/:code/confirm',
  tag,
  who: 'person',
  summary: 'Let exactly this connection in, with the number in its terminal and a fresh code',
  about: 'Another number ends the link.',
  params,
  body: z.strictObject({
    number: z
      .string()
      .regex(/^\d{3}$/, 'the three digits that stand in the terminal')
      .meta({ description: 'The three digits that stand in the terminal', examples: ['427'] }),
    code,
  }),
  answer: shownLink,
})
export const refuseSignInLink = defineRoute({
  id: 'refuseSignInLink',
  method: 'POST',
  path: '/api/sign-in-links/:code/refuse',
  tag,
  who: 'person',
  summary: 'This was not me: end the connection, and raise an alarm',
  params,
  answer: shownLink,
})
