import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { defaultServer, readSettings } from '../../cli/src/kit/settings.ts'

/** Where everything is on this machine. */
export interface Facts {
  server: string
  /** The server's data folder, which holds the lab. */
  data: string
  /** The `claviger` launcher. */
  claviger: string
  /** A folder of this run, for keys, exports and checkpoints "outside". */
  work: string
}

export function readFacts(env: NodeJS.ProcessEnv): Facts {
  const { server = defaultServer(env), data } = readSettings(env, undefined)
  return { server, data, claviger: resolve(import.meta.dirname, '../../claviger'), work: mkdtempSync(join(tmpdir(), 'claviger-tour-')) }
}

/** What a target's accounts were opened by before they were taken over; nothing of it may work afterwards. */
export interface InitialCredentials {
  accounts: { name: string; password?: string; privateKeyFile?: string }[]
  formerAdmin?: { account: string; privateKeyFile: string; fingerprint: string }
}

export function initialCredentials({ data }: Facts, target: string): InitialCredentials {
  const folder = join(data, 'lab', target)
  const read = JSON.parse(readFileSync(join(folder, 'initial-credentials.json'), 'utf8')) as InitialCredentials
  const here = <T extends { privateKeyFile?: string }>(one: T): T =>
    one.privateKeyFile === undefined || isAbsolute(one.privateKeyFile) ? one : { ...one, privateKeyFile: join(folder, one.privateKeyFile) }
  return { accounts: read.accounts.map(here), ...(read.formerAdmin && { formerAdmin: here(read.formerAdmin) }) }
}
