import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Transport } from '@claviger/api'
import type { Shell } from '../../kit/shell.ts'

/** Undefined when this is not the server's host, or somebody else owns its data. */
export function hostToken(data: string): string | undefined {
  try {
    return readFileSync(join(data, 'run', 'host-token'), 'utf8').trim()
  } catch {
    return undefined
  }
}

/** To the server as nobody, or as the owner of the data on its host. */
export const asHost = (shell: Shell, token: string): Transport => ({
  ...shell.anonymous,
  headers: { ...shell.anonymous.headers, 'x-claviger-host': token },
})
