import { seal as api } from '@claviger/api'
import type { Keeper } from '../keeper/client.ts'
import type { ArgsOf } from '../keeper/contract.ts'
import { explainKeeper } from '../keeper/explain-keeper.ts'
import { fail, ok } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { on, type RouteHandler } from '../platform/http/handler.ts'
import { collectGarbage } from '../platform/process/garbage.ts'
import { sharesAsText } from './shares-as-text.ts'

const noRight = {
  code: 'seal.not_authorised',
  message:
    'This takes the link that the server printed at this start, or the command on its own host as the owner of its data: claviger init.',
}
const noCode = { code: 'seal.code_needed', message: 'Closing the seal takes a fresh code from your authenticator.' }

/** The seal, as every door shows it. The keeper decides; shares only pass through here. */
export function sealRoutes({ keeper }: { keeper: Keeper }): RouteHandler[] {
  return [
    on(api.sealStatus, async () => {
      const status = await keeper.ask('status', {})
      if (!status.ok) return fail(explainKeeper(status.error))
      const { seal, state, shares, ceremony, openSince, message } = status.value
      const known = state === 'uninitialised' ? state : state === 'sealed' || state === 'closing' ? 'sealed' : 'open'
      const since = known === 'open' ? openSince : null
      return ok({ state: known, kind: seal, shares, ceremony, openSince: since, message: known === 'open' ? 'The seal is open.' : message })
    }),
    on(api.sealInit, async ({ body, setupToken, hostToken }) => {
      const authority: ArgsOf<'initialise'>['authority'] | undefined = hostToken
        ? { by: 'host', token: hostToken }
        : setupToken
          ? { by: 'setup', token: setupToken }
          : undefined
      if (!authority) return fail(explainKeeper(noRight))
      const made = await keeper.ask('initialise', { ...body, authority })
      if (!made.ok) return fail(explainKeeper(made.error))
      const { set, threshold, payload } = made.value
      return ok({ set, threshold, shares: await sharesAsText(payload, body.custodians !== undefined) })
    }),
    on(api.sealUnseal, async ({ body, source }) => {
      const given = await keeper.ask('unseal', { source }, Secret.fromText(body.share))
      // the text came as a string, which nobody can wipe: at least its memory is soon another's
      setImmediate(collectGarbage)
      return given.ok ? ok(given.value) : fail(explainKeeper(given.error))
    }),
    on(api.sealOpenAgain, async ({ hostToken }) => {
      if (!hostToken) return fail(explainKeeper(noRight))
      const opened = await keeper.ask('openAgain', { token: hostToken })
      return opened.ok ? ok({ done: true as const }) : fail(explainKeeper(opened.error))
    }),
    on(api.sealClose, async ({ body, who, hostToken }) => {
      if (!hostToken && !body.code) return fail(explainKeeper(noCode))
      const authority: ArgsOf<'seal'>['authority'] | undefined = hostToken
        ? { by: 'host', token: hostToken }
        : who && body.code
          ? { by: 'stepUp', person: who.person, code: body.code }
          : undefined
      if (!authority) return fail(explainKeeper(noRight))
      const sealed = await keeper.ask('seal', { authority })
      return sealed.ok ? ok({ done: true as const }) : fail(explainKeeper(sealed.error))
    }),
  ]
}
