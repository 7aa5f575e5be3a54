/*
 * What can be asked of the keeper, over its Unix socket. Each operation names the roles that may ask for it; its arguments are
 * parsed before anything else happens. Secrets travel in a frame's payload, never in its JSON.
 */
import { z } from 'zod'
import type { FactKind } from './facts/fact.ts'
import { factKinds } from './facts/tables.ts'

export const roles = ['supervisor', 'api', 'gateway'] as const
export type Role = (typeof roles)[number]

const text = (max: number) => z.string().min(1).max(max)
const someId = z.string().regex(/^[a-z]{3}_[a-z0-9]{10}$/)
const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const factKind = z.enum(factKinds as [FactKind, ...FactKind[]])
const content = z.record(z.string().max(40), z.json())
const base64 = (max: number) => z.base64().max(max)
const code = z.string().regex(/^\d{6}$/)
const credential = z.enum(['password', 'ssh-key'])

export const attestation = z.strictObject({ kind: factKind, id: someId, revision: z.int().min(1), digest: hex64, mac: hex64 })

/**
 * Why a row may be attested. `setup`: the one-time token, while the first run is open. `presence`: someone proved a second
 * factor within the last hours. `stepUp`: a fresh code for exactly this. `enrolment`: a one-time token and the first code of
 * the factor that it made. `system`: nothing but what the keeper can decide by itself.
 */
export const authority = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('setup'), token: text(128) }),
  z.strictObject({ by: z.literal('presence'), presence: text(1024) }),
  z.strictObject({ by: z.literal('stepUp'), person: someId, code }),
  z.strictObject({ by: z.literal('enrolment'), token: text(128), code }),
  z.strictObject({ by: z.literal('system') }),
])
export type Authority = z.infer<typeof authority>

/** Who may make the seal: the link of the first run, or the token that lies beside the data for whoever owns it. */
const mayInitialise = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('setup'), token: text(128) }),
  z.strictObject({ by: z.literal('host'), token: text(128) }),
])
/** Who may close it: an administrator or officer with a fresh code, or the owner of the data. */
const maySeal = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('stepUp'), person: someId, code }),
  z.strictObject({ by: z.literal('host'), token: text(128) }),
])

const operation = <A extends z.ZodType, R extends z.ZodType>(allowed: readonly Role[], args: A, answer: R) => ({ allowed, args, answer })
const nothing = z.strictObject({})
const done = z.strictObject({ done: z.literal(true) })
const everyone: readonly Role[] = roles
const api: readonly Role[] = ['api']
const gateway: readonly Role[] = ['gateway']
const doors: readonly Role[] = ['api', 'gateway']

export const operations = {
  status: operation(
    everyone,
    nothing,
    z.strictObject({
      seal: z.enum(['none', 'dev', 'shamir']),
      state: z.enum(['uninitialised', 'sealed', 'closing', 'ready', 'diverged']),
      message: z.string(),
      /**
       * Of the seal `shamir`: how many shares were given, of how many that are needed and there are, and the seconds until those given are
       * forgotten.
       */
      shares: z
        .strictObject({ given: z.int(), threshold: z.int(), shares: z.int(), set: z.string(), forgottenIn: z.int().nullable() })
        .nullable(),
      openSince: z.iso.datetime().nullable(),
      /** Grants that run while the seal is closed: nothing opens or is taken away on them. */
      runningGrants: z.int(),
      epoch: z.int(),
      size: z.int(),
      /** The newest checkpoint that this keeper signed or followed; empty while there is none, or while it is sealed. */
      note: z.string(),
      setupOpen: z.boolean(),
      verifierKey: z.string(),
      userCa: z.string(),
      /** Public half of the SSH gateway's host key, one line. */
      gatewayKey: z.string(),
      /** Certificate of the authority for the gateways that speak TLS, in PEM. */
      tlsCa: z.string(),
    }),
  ),

  setupToken: operation(['supervisor'], nothing, z.strictObject({ token: z.string().nullable() })),

  // Seal: these answer whatever the state
  /** Payload out: the shares, a line each. They are nowhere else. */
  initialise: operation(
    ['supervisor', 'api'],
    z.strictObject({ shares: z.int().min(2).max(16), threshold: z.int().min(2).max(16), authority: mayInitialise }),
    z.strictObject({ set: z.string(), shares: z.int(), threshold: z.int() }),
  ),
  /** Payload in: one share, as it was typed. */
  unseal: operation(
    ['supervisor', 'api'],
    z.strictObject({ source: text(100) }),
    z.strictObject({ given: z.int(), threshold: z.int(), open: z.boolean() }),
  ),
  seal: operation(['supervisor', 'api'], z.strictObject({ authority: maySeal }), done),
  /** Who was told that the seal closes says that its sessions are ended and recorded, its rotations done. */
  doorsClosed: operation(doors, nothing, done),

  // Attestation
  attest: operation(
    doors,
    z.strictObject({
      rows: z
        .array(z.strictObject({ kind: factKind, revision: z.int().min(1), content }))
        .min(1)
        .max(500),
      authority,
    }),
    z.strictObject({ attestations: z.array(attestation), presence: z.string().nullable() }),
  ),
  /** Reads rows for the caller and answers them only when they are what was attested last. */
  vouch: operation(
    doors,
    z.strictObject({
      rows: z
        .array(z.strictObject({ kind: factKind, id: someId }))
        .min(1)
        .max(200),
    }),
    z.strictObject({ rows: z.array(content) }),
  ),

  /** Every policy that the ledger knows or the database has: as attested, or why it is not. For looking at. */
  policies: operation(
    api,
    nothing,
    z.strictObject({
      policies: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          text: z.string(),
          state: z.enum(['active', 'retired']),
          revision: z.int(),
          forged: z.string().nullable(),
        }),
      ),
    }),
  ),

  // Ledger
  /** Signs what follows without a gap. `epoch` is that of the asking sequencer: one that is not the elected any more is refused. */
  append: operation(
    api,
    z.strictObject({
      first: z.int().min(1),
      epoch: z.int().min(1),
      entries: z
        .array(z.strictObject({ id: someId, bytes: base64(100_000), origin: text(32), tag: base64(64) }))
        .min(1)
        .max(1000),
    }),
    z.strictObject({
      size: z.int(),
      note: z.string(),
      forged: z.array(z.strictObject({ id: z.string(), place: z.int(), why: z.string() })),
    }),
  ),
  /** Takes over what the keeper of another node signed. `note` is the newest checkpoint known now, empty when there is none. */
  follow: operation(api, nothing, z.strictObject({ size: z.int(), note: z.string() })),
  /**
   * Compares a checkpoint that another server signed, brought by another road than the database, with what this keeper knows. When they do not lie
   * on one log, or the database holds back what was signed there, nothing opens and nothing is signed any more: `keeper.diverged`.
   */
  compare: operation(
    api,
    z.strictObject({ note: text(2048), peer: text(300) }),
    z.strictObject({ compared: z.enum(['same', 'ahead', 'old']) }),
  ),
  /** Answers when the entry is under a signed checkpoint; refuses after ten seconds. */
  signed: operation(doors, z.strictObject({ entry: someId }), z.strictObject({ size: z.int() })),
  acknowledge: operation(
    ['supervisor', 'api'],
    z.strictObject({ person: someId, code }),
    z.strictObject({ officers: z.int(), epoch: z.int(), ready: z.boolean() }),
  ),

  // People
  presence: operation(
    doors,
    z.strictObject({ person: someId, code }),
    z.strictObject({ presence: z.string(), expiresAt: z.iso.datetime() }),
  ),
  presenceByCertificate: operation(
    gateway,
    z.strictObject({ serial: z.int().min(1), signed: base64(20_000), signature: base64(2_000) }),
    z.strictObject({ presence: z.string(), person: someId, expiresAt: z.iso.datetime() }),
  ),
  /** When the factors of one person were last used, and which of their certificates hold. For looking at. */
  factorUses: operation(
    api,
    z.strictObject({ person: someId, factors: z.array(someId).max(20) }),
    z.strictObject({
      factors: z.array(z.strictObject({ factor: someId, usedAt: z.iso.datetime().nullable(), lockedUntil: z.iso.datetime().nullable() })),
      certificates: z.array(z.strictObject({ shownAt: z.iso.datetime(), validUntil: z.iso.datetime() })),
    }),
  ),
  /** Payload out: nothing. The certificate is public. */
  issueCertificate: operation(
    api,
    z.strictObject({ presence: text(1024), publicKey: base64(4_000) }),
    z.strictObject({ certificate: z.string(), validUntil: z.iso.datetime() }),
  ),
  /** Payload out: the connection ticket, as text. `from`: address of the client that asked. */
  issueTicket: operation(
    api,
    z.strictObject({ presence: text(1024), grant: someId, from: text(64) }),
    z.strictObject({ expiresAt: z.iso.datetime() }),
  ),
  /** Payload in: a connection ticket. Answers whose it is, and a presence that is good for opening sessions now. */
  presenceByTicket: operation(
    gateway,
    z.strictObject({ from: text(64) }),
    z.strictObject({
      presence: z.string(),
      expiresAt: z.iso.datetime(),
      person: someId,
      name: z.string(),
      grant: someId,
      account: someId,
      endsAt: z.iso.datetime(),
    }),
  ),
  openEnrolment: operation(api, z.strictObject({ person: someId, authority }), z.strictObject({ token: z.string() })),
  /** Payload out: the TOTP seed, to be shown once to its owner. */
  beginEnrolment: operation(api, z.strictObject({ token: text(128) }), z.strictObject({ person: someId, factor: someId })),
  isSetupToken: operation(api, z.strictObject({ token: text(128) }), z.strictObject({ valid: z.boolean() })),
  finishSetup: operation(api, z.strictObject({ token: text(128) }), done),

  // Credentials. `rotation` names the intent under which a secret leaves; its entry must be sequenced.
  /** Payload in: a credential that an administrator handed over; current version 1, or the next. */
  storeCredential: operation(
    api,
    z.strictObject({ account: someId, credential, public: z.string().max(16_384).nullable() }),
    z.strictObject({ version: z.int() }),
  ),
  /** Makes a candidate, sealed in the database and in the escrow before it answers. Safe to repeat: the same rotation, the same candidate. */
  prepareRotation: operation(
    api,
    z.strictObject({ rotation: someId, account: someId, credential }),
    z.strictObject({ version: z.int(), public: z.string().nullable() }),
  ),
  /** Payload out: the candidate, the current or the previous credential. */
  rotationSecret: operation(
    api,
    z.strictObject({ rotation: someId, intent: someId, which: z.enum(['candidate', 'current', 'previous']) }),
    z.strictObject({ credential, version: z.int(), public: z.string().nullable() }),
  ),
  /** Payload out: the credential of the account that manages a target, preferring a key. */
  managerSecret: operation(
    api,
    z.strictObject({ target: someId, intent: someId }),
    z.strictObject({ account: z.string(), credential, public: z.string().nullable() }),
  ),
  promote: operation(api, z.strictObject({ rotation: someId }), z.strictObject({ version: z.int() })),
  abandon: operation(api, z.strictObject({ rotation: someId }), done),
  versions: operation(
    api,
    z.strictObject({ accounts: z.array(someId).max(500) }),
    z.strictObject({
      versions: z.array(z.strictObject({ account: z.string(), credential, version: z.int(), state: z.string(), at: z.iso.datetime() })),
    }),
  ),
  /** Payload out: the credential. Decided again, by itself, from attested rows that are the latest in the ledger. */
  release: operation(
    gateway,
    z.strictObject({ grant: someId, session: someId, presence: text(1024) }),
    z.strictObject({
      credential,
      version: z.int().min(1),
      public: z.string().nullable(),
      account: z.string(),
      target: z.strictObject({
        id: someId,
        name: z.string(),
        kind: z.string(),
        settings: z.record(z.string(), z.json()),
        identity: z.record(z.string(), z.string()),
      }),
      endsAt: z.iso.datetime(),
    }),
  ),

  // Recordings
  /** Payload out: 32 bytes of the recording's key, then 32 bytes of the key for unproven input, which no operation opens again yet. */
  createRecording: operation(gateway, z.strictObject({ recording: someId }), done),
  signManifest: operation(
    gateway,
    z.strictObject({ recording: someId, manifest: z.string().max(16_384) }),
    z.strictObject({ signature: z.string(), key: z.string() }),
  ),
  /** Payload out: 32 bytes. `intent` is the ledger entry that says who views it. */
  openRecording: operation(api, z.strictObject({ recording: someId, presence: text(1024), intent: someId }), done),
  /** Payload out: the Ed25519 seed of the SSH gateway's host key. */
  gatewayHostKey: operation(gateway, nothing, done),
  /** A certificate for a door, under our own authority, for the names that it listens on. `publicKey`: P-256, SubjectPublicKeyInfo in DER. */
  gatewayCertificate: operation(
    gateway,
    z.strictObject({ publicKey: base64(400) }),
    z.strictObject({ certificate: z.string(), authority: z.string(), validUntil: z.iso.datetime() }),
  ),
} as const

export type Operation = keyof typeof operations
export type ArgsOf<O extends Operation> = z.input<(typeof operations)[O]['args']>
export type AnswerOf<O extends Operation> = z.output<(typeof operations)[O]['answer']>

/** A refusal by the keeper: a code, and facts that are no secrets. */
export interface KeeperRefusal {
  code: string
  message: string
  /** For factor.code_wrong: tries left. For factor.locked: until when. For keeper.forged_row: kind and id. */
  facts?: Record<string, string | number>
}
