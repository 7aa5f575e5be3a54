import { z } from 'zod'
import { base64, done, gateway, nothing, operation } from './operation.ts'

/** What a door proves with that it is ours. */
export const gatewayOperations = {
  /** Payload out: the Ed25519 seed of the SSH gateway's host key. */
  gatewayHostKey: operation(gateway, nothing, done),
  /** A certificate for a door, under our own authority, for the names that it listens on. `publicKey`: P-256, SubjectPublicKeyInfo in DER. */
  gatewayCertificate: operation(
    gateway,
    z.strictObject({ publicKey: base64(400) }),
    z.strictObject({ certificate: z.string(), authority: z.string(), validUntil: z.iso.datetime() }),
  ),
} as const
