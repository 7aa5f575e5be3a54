import { credentials as api } from '@claviger/api'
import type { TargetId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { type DepositDeps, depositCredential } from './deposit-credential.ts'
import { depositMany } from './deposit-many.ts'
import { explainVault, type VaultError } from './errors.ts'
import { withCode } from './with-code.ts'

const refuse = (error: VaultError) => fail(explainVault(error))

export function depositRoutes(deps: DepositDeps): RouteHandler[] {
  return [
    on(api.depositCredential, async (incoming) => {
      const { code, value, encoding, account, kind, name, tier } = incoming.body
      const by = withCode(signedIn(incoming), code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      // a body of JSON is made of strings, which cannot be wiped: docs/security.md says so
      const bytes = encoding === 'base64' ? fromBase64(value) : Buffer.from(value, 'utf8')
      if (!bytes) return refuse({ code: 'vault.unreadable', why: 'That is no base64.' })
      const kept = await depositCredential(deps, by, { target: incoming.params.id as TargetId, account, kind, bytes, name, tier })
      if (!kept.ok) return refuse(kept.error)
      const { about, ...rest } = kept.value
      return ok({ ...rest, about, expiresAt: typeof about.notAfter === 'string' ? about.notAfter : null })
    }),
    on(api.depositCredentials, async (incoming) => {
      const { code, entries, source } = incoming.body
      const by = withCode(signedIn(incoming), code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      const brought = entries.map(({ target, account, kind, value, encoding, name }) => ({
        ...{ target: target as TargetId, account, kind, name, tier: undefined },
        // what is no base64 is nothing, and is told so
        bytes: (encoding === 'base64' ? fromBase64(value) : Buffer.from(value, 'utf8')) ?? new Uint8Array(),
      }))
      const kept = await depositMany(deps, by, brought, source)
      return kept.ok ? ok({ entries: kept.value }) : refuse(kept.error)
    }),
  ]
}

/** Node reads whatever looks like base64 and passes over the rest: what was sent has to be what comes out. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
