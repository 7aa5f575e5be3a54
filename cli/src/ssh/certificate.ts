import { call, identity } from '@claviger/api'
import type { Shell } from '../kit/shell.ts'
import { writeSignIn } from '../kit/sign-in.ts'
import { ensureKey, type Gateway, writeIdentity } from './identity.ts'

export interface Certificate {
  validUntil: string
  gateway: Gateway
}

/** Asks for a fresh certificate for our key and writes what ssh needs. The sign-in stands in for the second factor. */
export async function renewCertificate(shell: Shell): Promise<Certificate> {
  const { folder } = shell.settings
  const signIn = shell.signedIn
  const publicKey = ensureKey(folder, signIn.name)
  const { certificate, validUntil, gateway } = await shell.get(call(shell.server, identity.sshCertificate, { body: { publicKey } }))
  writeIdentity(folder, certificate, gateway)
  writeSignIn(folder, { ...signIn, certificateUntil: validUntil })
  return { validUntil, gateway }
}

/** The certificate that is there, or a fresh one when it is about to run out. */
export async function ensureCertificate(shell: Shell): Promise<void> {
  const until = shell.signedIn.certificateUntil
  if (!until || Date.parse(until) - Date.now() < 60_000) await renewCertificate(shell)
}
