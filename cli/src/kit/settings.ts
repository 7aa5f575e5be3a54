import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { recordIn } from '../install/layout.ts'
import { readRecord } from '../install/record.ts'
import { CliError } from './exit.ts'

/** Where the server is and where we keep our files. */
export interface Settings {
  /** As given by --server or CLAVIGER_SERVER; undefined when the sign-in, or else the default, decides. */
  server: string | undefined
  /** Sign-in, key, certificate and known hosts. */
  folder: string
  /** The server's data folder on this machine, for `claviger lab`. */
  data: string
}

/** A server on this machine, at the port that the same environment would start it on. */
export function defaultServer(env: Record<string, string | undefined>): string {
  const port = /^\d{1,5}$/.test(env.CLAVIGER_HTTP_PORT ?? '') ? Number(env.CLAVIGER_HTTP_PORT) : 0
  return `http://127.0.0.1:${port > 0 && port < 65_536 ? port : 8200}`
}

/** What each variable does, for `claviger help environment`. */
export const environmentWords = {
  CLAVIGER_SERVER: `the server, such as https://pam.example.com (default: where you signed in, else ${defaultServer({})})`,
  CLAVIGER_HTTP_PORT: 'the port of a server on this machine, where no address is known',
  CLAVIGER_CONFIG: 'folder for sign-in, SSH key and certificate (default: ~/.config/claviger)',
  CLAVIGER_DATA: "the server's data folder, for `claviger lab`, `init` and `seal --host` (default: where a server of this clone keeps it)",
  NO_COLOR: 'no colours',
}

const clone = resolve(import.meta.dirname, '../../..')

export function readSettings(env: Record<string, string | undefined>, flag: string | undefined): Settings {
  const server = flag ?? (env.CLAVIGER_SERVER || undefined)
  return {
    server: server === undefined ? undefined : parseServer(server),
    folder: resolve(env.CLAVIGER_CONFIG || join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'claviger')),
    data: env.CLAVIGER_DATA ? resolve(env.CLAVIGER_DATA) : usualData(clone),
  }
}

/** Where the server keeps its state unless it is told: `data` in the clone, or outside where the clone is closed to its own users. */
function usualData(root: string): string {
  const [inside, hash] = [join(root, 'data'), createHash('sha256').update(root).digest('hex').slice(0, 12)]
  const outside = join('/var/lib/claviger', hash)
  // an installed release: <prefix>/releases/<id>
  const installed = readRecord(recordIn(resolve(root, '../..')))
  if (installed) return installed.data
  return !existsSync(join(inside, 'lab')) && existsSync(outside) ? outside : inside
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Parses the address of a server. A password or token never leaves in the clear: plain http is for loopback. */
function parseServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash || url.pathname !== '/')
    throw new CliError('usage', `"${text}" is no address of a server.`, 'claviger login --server https://pam.example.com')
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    throw new CliError('usage', `${url.origin} would carry your password in the clear.`, `claviger login --server https://${url.host}`)
  return url.origin
}
