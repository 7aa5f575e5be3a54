import { z } from 'zod'
import {
  about,
  anyCredential,
  api,
  characterClass,
  credential,
  done,
  gateway,
  nothing,
  operation,
  proof,
  someId,
  text,
} from './operation.ts'

const place = z.strictObject({ account: z.string().max(14), credential: z.string().max(20), version: z.int() })

/** What a kind of target says of its passwords. Believed down to the floor, and no further (keeper/passwords/rule.ts). */
const passwordLimits = z.strictObject({
  minLength: z.int().min(0).max(128).optional(),
  maxLength: z.int().min(1).max(65_536),
  excluded: z.string().max(200).optional(),
  classes: z.strictObject({ atLeast: z.int().min(1).max(4), of: z.array(characterClass).max(4).readonly() }).optional(),
})

/** What the vault holds. `rotation` names the intent under which a secret leaves; its entry must be sequenced. */
export const credentialOperations = {
  /** Payload in: a credential that an administrator handed over; current version 1, or the next. */
  storeCredential: operation(
    api,
    z.strictObject({ account: someId, credential, public: z.string().max(16_384).nullable() }),
    z.strictObject({ version: z.int() }),
  ),
  /**
   * Payload in: a credential that a person brought, 1 MiB at most; it becomes the current version. `deposit` names the attested row that says who
   * brings which version; each is taken once, within a minute. `public`: what is no secret of it, as the server read it.
   */
  deposit: operation(
    api,
    z.strictObject({ deposit: someId, presence: text(1024), public: z.string().max(16_384).nullable() }),
    z.strictObject({ version: z.int() }),
  ),
  /** What passwords of an account have to be. `limits`: what its kind of target says. */
  passwordRule: operation(
    api,
    z.strictObject({ account: someId, limits: passwordLimits.optional() }),
    z.strictObject({
      length: z.int(),
      classes: z.array(characterClass),
      excluded: z.string(),
      bits: z.number(),
      policies: z.array(someId),
      exception: z.string().nullable(),
    }),
  ),
  /** Makes a candidate, sealed in the database and in the escrow before it answers. Safe to repeat: the same rotation, the same candidate. */
  prepareRotation: operation(
    api,
    z.strictObject({ rotation: someId, account: someId, credential, limits: passwordLimits.optional() }),
    z.strictObject({ version: z.int(), public: z.string().nullable() }),
  ),
  /** Payload out: the candidate, the current or the previous credential; with `version`, exactly that one of the same account. */
  rotationSecret: operation(
    api,
    z.strictObject({
      rotation: someId,
      intent: someId,
      which: z.enum(['candidate', 'current', 'previous']),
      version: z.int().min(1).optional(),
    }),
    // `earlier`: made for another rotation than this one, so that the target may have it
    z.strictObject({ credential, version: z.int(), public: z.string().nullable(), earlier: z.boolean() }),
  ),
  /** Payload out: the credential of the account that manages a target, or of its reconciler, preferring a certificate or key. */
  managerSecret: operation(
    api,
    z.strictObject({ target: someId, intent: someId, as: z.enum(['manager', 'reconciler']).default('manager') }),
    z.strictObject({ id: someId, account: z.string(), credential: proof, version: z.int(), public: z.string().nullable() }),
  ),
  /** Payload out: the current credential of an account, to be tried on its target. `intent` is the entry that says so. */
  verificationSecret: operation(
    api,
    z.strictObject({ account: someId, credential: proof, intent: someId }),
    z.strictObject({ version: z.int(), public: z.string().nullable() }),
  ),
  promote: operation(api, z.strictObject({ rotation: someId }), z.strictObject({ version: z.int() })),
  abandon: operation(api, z.strictObject({ rotation: someId }), done),
  versions: operation(
    api,
    z.strictObject({ accounts: z.array(someId).max(500) }),
    z.strictObject({
      versions: z.array(
        z.strictObject({
          account: z.string(),
          credential: anyCredential,
          version: z.int(),
          state: z.string(),
          at: z.iso.datetime(),
          /** Of one that was brought in. */
          about: about.nullable(),
          expiresAt: z.iso.datetime().nullable(),
          /** Lies where no server can open it. */
          breakGlass: z.boolean(),
        }),
      ),
    }),
  ),
  /** Destroys what attested rows say: data keys and ciphertexts of replaced versions go, out of the escrow too. Safe to repeat. */
  shred: operation(
    api,
    z.strictObject({ accounts: z.array(someId).min(1).max(100) }),
    z.strictObject({ versions: z.int(), escrow: z.int() }),
  ),
  /** Weak, reused, old, shared and expiring credentials, from what is kept beside them: how many, and those of `find`. */
  credentialReport: operation(
    api,
    z.strictObject({
      find: z.enum(['weak', 'reused', 'old', 'shared', 'expiring']).nullable(),
      days: z.int().min(1).max(3650),
      within: z.int().min(1).max(3650),
      after: z.strictObject({ tier: z.int(), account: someId, credential: z.string().max(20) }).nullable(),
      limit: z.int().min(1).max(201),
    }),
    z.strictObject({
      counts: z.strictObject({
        ...{ credentials: z.int(), weak: z.int(), reused: z.int() },
        ...{ old: z.int(), shared: z.int(), expiring: z.int(), unchecked: z.int() },
      }),
      rows: z.array(
        z.strictObject({
          ...{ account: z.string(), credential: anyCredential, version: z.int(), tier: z.int(), madeAt: z.iso.datetime() },
          ...{ bits: z.number().nullable(), sameAs: z.array(z.string()), people: z.int() },
          expiresAt: z.iso.datetime().nullable(),
        }),
      ),
    }),
  ),
  /** Makes what is kept beside versions of an older installation, behind this one; `last` where there may be more. */
  markVersions: operation(
    api,
    z.strictObject({ after: place, limit: z.int().min(1).max(500) }),
    z.strictObject({ marked: z.int(), last: place.nullable() }),
  ),
  /** How long versions that were replaced are kept, as attested; off where nobody said anything. */
  versionPolicy: operation(api, nothing, z.strictObject({ keep: z.int(), days: z.int(), state: z.enum(['on', 'off']) })),
  /** Versions that the policy of versions lets go, behind the account `after`; and accounts of which something is left to be destroyed. */
  versionsDue: operation(
    api,
    z.strictObject({ after: z.string().max(14), limit: z.int().min(1).max(100) }),
    z.strictObject({
      due: z.array(z.strictObject({ account: z.string(), credential: anyCredential, versions: z.array(z.int()) })),
      unfinished: z.array(z.string()),
    }),
  ),
  /** Payload out: the credential, for its holder's eyes. `reveal` names the attested row that says who sees which version; each opens once, within a minute. */
  reveal: operation(
    api,
    z.strictObject({ reveal: someId, presence: text(1024) }),
    z.strictObject({
      ...{ credential: anyCredential, version: z.int().min(1), public: z.string().nullable(), about: about.nullable() },
      endsAt: z.iso.datetime(),
    }),
  ),
  /** The SSH authority: each version of which the key is kept, and from which addresses its certificates are good. */
  sshAuthority: operation(
    api,
    nothing,
    z.strictObject({
      versions: z.array(
        z.strictObject({ version: z.int(), state: z.string(), line: z.string(), fingerprint: z.string(), madeAt: z.iso.datetime() }),
      ),
      sources: z.array(z.string()),
      /** The version that would come next. */
      next: z.int(),
    }),
  ),
  /** Does what the attested row of its rotation says with the authority's keys: makes, promotes, destroys. Safe to repeat; answers which version signs. */
  moveSshAuthority: operation(api, nothing, z.strictObject({ signs: z.int() })),
  /**
   * Payload out: a private key, and its certificate for the account that manages a target, to see whether the target trusts the authority: whatever is asked
   * for with it, `true` runs instead. `intent` is the entry that says so. `version`: of the authority, one that hosts may trust; without it what signs.
   */
  trialCertificate: operation(
    api,
    z.strictObject({ target: someId, intent: someId, version: z.int().min(1).optional() }),
    z.strictObject({ account: z.string(), certificate: z.string(), version: z.int() }),
  ),
  /** Whether one more session may be open under a grant: asked before anything is made for it. `release` asks again, and decides. */
  seat: operation(gateway, z.strictObject({ grant: someId }), done),
  /**
   * Payload out: the credential. Decided again, by itself, from attested rows that are the latest in the ledger. `ssh-certificate`: the private key of
   * a pair that was made for this, its certificate in `public`; nothing about it can be asked for.
   */
  release: operation(
    gateway,
    z.strictObject({ grant: someId, session: someId, presence: text(1024) }),
    z.strictObject({
      credential: z.enum([...proof.options, 'ssh-certificate']),
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
      /** How the session is carried, as policy says now. */
      terms: z.strictObject({
        idleSeconds: z.int().min(1),
        longestSeconds: z.int().min(1),
        finishSeconds: z.int().min(0),
        supervised: z.boolean(),
        resultBytes: z
          .int()
          .min(1)
          .max(1 << 20)
          .optional(),
      }),
    }),
  ),
} as const
