import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { fail, ok, type Result } from './kernel/result.ts'

/** The token of the seal `pkcs11`, as the keeper is told of it. */
export interface HsmSettings {
  module: string
  token: string
  serial: string | undefined
  /** A file that the keeper reads itself, each time; or what systemd gave us for it, which only we can read. */
  pin: { file: string } | { credential: string }
  environment: Record<string, string>
}

/** Names of the variables, to be spread into the schema of the environment. */
export const hsmVariables = {
  /** Path of the PKCS#11 module of an HSM. */
  CLAVIGER_PKCS11_MODULE: z.string().min(1).max(1000).optional(),
  /** Name of the token in it. */
  CLAVIGER_PKCS11_TOKEN: z.string().min(1).max(32).optional(),
  /** Its serial number: where several have the name, and where a copy took the place of the one that the seal was made with. */
  CLAVIGER_PKCS11_SERIAL: z.string().min(1).max(16).optional(),
  /** A file with its PIN, for the keeper alone. Default: the credential `claviger-pkcs11-pin` of systemd. */
  CLAVIGER_PKCS11_PIN_FILE: z.string().min(1).max(1000).optional(),
  /** Variables of our environment that the module needs, by name, separated by commas. */
  CLAVIGER_PKCS11_ENV: z.string().max(1000).default(''),
}

const credentialName = 'claviger-pkcs11-pin'

/** Undefined: no HSM is set. What is missing is named. */
export function readHsm(e: z.output<z.ZodObject<typeof hsmVariables>>, env: NodeJS.ProcessEnv): Result<HsmSettings | undefined, string> {
  const { CLAVIGER_PKCS11_MODULE: module, CLAVIGER_PKCS11_TOKEN: token, CLAVIGER_PKCS11_SERIAL: serial } = e
  if (module === undefined && token === undefined && e.CLAVIGER_PKCS11_PIN_FILE === undefined) return ok(undefined)
  if (module === undefined)
    return fail('CLAVIGER_PKCS11_MODULE: name the PKCS#11 module of the HSM as well, such as /usr/lib/softhsm/libsofthsm2.so')
  if (!isAbsolute(module)) return fail('CLAVIGER_PKCS11_MODULE: must be a whole path')
  if (token === undefined) return fail('CLAVIGER_PKCS11_TOKEN: name the token in the module as well (pkcs11-tool --module … -L lists them)')
  const pin = pinOf(e.CLAVIGER_PKCS11_PIN_FILE, env)
  if (!pin.ok) return pin
  const names = e.CLAVIGER_PKCS11_ENV.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const wrong = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name) || /^(LD_|NODE_|CLAVIGER_|DATABASE_)/.test(name))
  if (wrong !== undefined)
    return fail(`CLAVIGER_PKCS11_ENV: ${wrong.slice(0, 40)} is no variable that a module may have; names only, such as SOFTHSM2_CONF`)
  const environment = Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
  return ok({ module, token, serial, pin: pin.value, environment })
}

function pinOf(file: string | undefined, env: NodeJS.ProcessEnv): Result<HsmSettings['pin'], string> {
  if (file !== undefined) return isAbsolute(file) ? ok({ file }) : fail('CLAVIGER_PKCS11_PIN_FILE: must be a whole path')
  const folder = env.CREDENTIALS_DIRECTORY
  try {
    if (folder !== undefined) return ok({ credential: readFileSync(join(folder, credentialName), 'utf8').trimEnd() })
  } catch {
    // said below
  }
  return fail(
    `CLAVIGER_PKCS11_PIN_FILE: name a file with the PIN that the keeper alone can read, or give systemd's LoadCredentialEncrypted=${credentialName}:…`,
  )
}
