import { ok, type Result } from '../../kernel/result.ts'
import { clientOver, type LdapConnection } from './client.ts'
import { impostor, type LdapFailure } from './failures.ts'
import { type Dial, dialSecured, type LdapServer } from './secure.ts'

export interface Patience {
  /** Milliseconds until TLS stands, and then for each operation. */
  patience: number
  /** Milliseconds for everything together. */
  lifetime: number
}

/**
 * Connects and lets the server prove the pinned identity: `{ proof: 'tls-certificate', certificate: 'SHA256:…' }`. Until then it has heard
 * nothing, not even a name.
 */
export async function connectLdap(
  dial: Dial,
  server: LdapServer,
  identity: { readonly [key: string]: string },
  { patience, lifetime }: Patience,
): Promise<Result<LdapConnection, LdapFailure>> {
  const { proof, certificate } = identity
  if (proof !== 'tls-certificate' || !certificate)
    return impostor('an identity pinned by certificate', `one pinned by ${proof ?? 'nothing'}`)
  const secured = await dialSecured(dial, server, patience)
  if (!secured.ok) return secured
  if (secured.value.certificate !== certificate) {
    secured.value.socket.destroy()
    return impostor(certificate, secured.value.certificate)
  }
  return ok(clientOver(secured.value.socket as import('node:tls').TLSSocket, patience, lifetime))
}
