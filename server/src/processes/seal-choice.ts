import type { Config } from '../config.ts'
import type { SealKindName } from '../keeper/seal/kinds/facts.ts'

export interface SealChoice {
  /** What the operator asked for, if anything. */
  wanted: SealKindName | undefined
  /** The seal of a fresh installation that is made by itself; undefined: somebody initialises it. */
  fresh: SealKindName | undefined
  /** Kinds of seal that may not be used here, each with why, in a sentence. */
  refused: Partial<Record<SealKindName, string>>
}

const loopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/**
 * Which seal may be used, from the configuration alone. `dev` keeps the root key in a file beside the data: on one machine, for trying things out.
 * A database that others run, or a door that others reach, is no trying out. `pkcs11` and `aws-kms` need to know which key.
 */
export function chooseSeal(config: Pick<Config, 'seal' | 'lab' | 'fips' | 'database' | 'http' | 'ssh' | 'hsm' | 'kms'>): SealChoice {
  const { seal, lab, fips, database, http, ssh, hsm, kms } = config
  const open = [http, ssh].find(({ host }) => !loopback(host))
  const why = database
    ? 'the database is an external one (DATABASE_URL)'
    : open
      ? `the server listens on ${open.host}, where others reach it`
      : fips
        ? 'this server is to use approved algorithms alone (CLAVIGER_FIPS), which is worth nothing beside a key that lies open'
        : undefined
  return {
    wanted: seal,
    fresh: seal ?? (lab ? (why ? 'shamir' : 'dev') : undefined),
    refused: {
      ...(why && {
        dev: `The seal "dev" keeps the root key in a file beside the data, and ${why}. Use the seal "shamir" or "pkcs11": CLAVIGER_SEAL=shamir on a fresh installation, then claviger init.`,
      }),
      ...(!hsm && {
        pkcs11:
          'The seal "pkcs11" keeps the root key under a key in an HSM, and none is in the settings of this server. Set CLAVIGER_PKCS11_MODULE, CLAVIGER_PKCS11_TOKEN and CLAVIGER_PKCS11_PIN_FILE, and start again.',
      }),
      ...(!kms && {
        'aws-kms':
          'The seal "aws-kms" keeps the root key under a key of AWS KMS, and none is in the settings of this server. Set CLAVIGER_AWS_KMS_KEY to its ARN, and start again.',
      }),
    },
  }
}
