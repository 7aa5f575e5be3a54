import { z } from 'zod'
import { loginKind } from './credential-kinds.ts'
import { line } from './values.ts'

/*
 * The offline kit (docs/formats.md): what the server writes and the command line opens while there is no server. Two lines: the kit as JSON, and the
 * signature of the ledger's key over that line. The body is sealed with a key that is split among the custodians.
 */
const port = z.int().min(1).max(65_535)
const address = line(320)

/** Where an opening is told. Written by whoever runs the server (CLAVIGER_KIT_ROADS), carried by each kit. */
export const roads = z.strictObject({
  /** Mail relays inside the house that take mail without a password. */
  mail: z
    .array(z.strictObject({ host: line(253), port: port.default(25), from: address, to: z.array(address).min(1).max(20) }))
    .max(5)
    .default([]),
  /** Addresses that take a POST of JSON: a chat, an alarm system, a gateway for SMS. */
  webhooks: z.array(z.url().max(2000)).max(10).default([]),
  sms: z.array(z.url().max(2000)).max(10).default([]),
  /** Whom to call, as text that is shown and printed. */
  phoneTree: z.string().max(8000).default(''),
})
export type Roads = z.infer<typeof roads>

export const kitCustodian = z.strictObject({
  name: z.string().max(60),
  key: z.string().max(3100),
  /** Armored age files: this custodian's share of the kit's key, and of the key of the break-glass location. */
  share: z.string().max(20_000),
  keyShare: z.string().max(20_000),
})

export const kitHead = z.strictObject({
  format: z.literal('claviger-kit/1'),
  id: z.string().max(20),
  madeAt: z.iso.datetime(),
  /** Which log's key signed it. */
  log: z.string().max(200),
  threshold: z.int().min(2).max(16),
  /** Public half of the key to which the credentials inside are sealed. */
  key: z.string().max(3100),
  custodians: z.array(kitCustodian).min(2).max(16),
  /** 12 bytes nonce | AES-256-GCM | 16 bytes tag; the kit's id is authenticated with it. */
  body: z.base64().max(64_000_000),
})
export type KitHead = z.infer<typeof kitHead>

export const kitAccount = z.strictObject({
  id: z.string().max(20),
  name: z.string().max(64),
  target: z.strictObject({
    id: z.string().max(20),
    name: z.string().max(64),
    kind: z.string().max(64),
    settings: z.record(z.string().max(40), z.union([z.string().max(70_000), z.number(), z.boolean()])),
    identity: z.record(z.string().max(40), z.string().max(1024)),
  }),
  /** Newest first. `box`: an age file; opened: u32 length of a head as JSON | head | the credential. */
  sealed: z
    .array(
      z.strictObject({
        credential: loginKind,
        version: z.int(),
        state: z.enum(['candidate', 'current', 'previous']),
        at: z.iso.datetime(),
        box: z.base64().max(2_000_000),
      }),
    )
    .max(16),
})
export type KitAccount = z.infer<typeof kitAccount>

export const kitBody = z.strictObject({
  server: z.string().max(300),
  accounts: z.array(kitAccount).max(5000),
  roads,
  /** The newest checkpoint of the ledger when it was made. */
  checkpoint: z.string().max(20_000),
  /** What is recorded under an opened kit is sealed to this key; the server has the other half. */
  recordingKey: z.string().max(3100),
})
export type KitBody = z.infer<typeof kitBody>

/** What a share says once its custodian opened it: of the kit's key, or of the key of the location. */
export const kitShare = z.strictObject({ format: z.literal('claviger-kit-share/1'), kit: z.string().max(20), share: z.base64().max(400) })
export const locationShare = z.strictObject({
  format: z.literal('claviger-breakglass-share/1'),
  key: z.string().max(3100),
  number: z.int().min(1).max(16),
  threshold: z.int().min(2).max(16),
  /** The verifier key of the ledger (C2SP signed note): a kit that another key signed is not from this server. */
  ledger: z.string().max(500),
  share: z.base64().max(8000),
})

/** What the signature stands under: these bytes, and the first line. */
export const kitSigned = 'claviger/kit/v1\n'

/*
 * Shares for an activation while the server is up: what its keeper signs, and what a custodian encrypts to it.
 */
export const activationSigned = 'claviger/activation/v1\n'
export const activationStatement = z.strictObject({
  format: z.literal('claviger-activation/1'),
  activation: z.string().max(20),
  kind: z.enum(['emergency', 'drill']),
  /** Public half of the key of the location. */
  key: z.string().max(3100),
  /** To which a share is encrypted: of this activation alone, in the keeper's memory. */
  recipient: z.string().max(3100),
  accounts: z.array(z.string().max(130)).max(20),
  requester: z.string().max(127),
  approver: z.string().max(127),
  reason: z.string().max(1000),
  seconds: z.int(),
  log: z.string().max(200),
})
export type ActivationStatement = z.infer<typeof activationStatement>
export const activationShare = z.strictObject({
  format: z.literal('claviger-activation-share/1'),
  activation: z.string().max(20),
  share: locationShare,
})
export type ActivationShare = z.infer<typeof activationShare>
