import { join } from 'node:path'
import { CliError } from '../kit/exit.ts'
import { writePrivate } from '../kit/files.ts'
import { notAnswered } from '../kit/server.ts'
import type { Shell } from '../kit/shell.ts'

/** The authority of the PostgreSQL gateway's certificate, fetched anew each time: it may have been replaced. Answers its file. */
export async function fetchGatewayCa(shell: Shell): Promise<string> {
  const { base, server } = shell
  const { fetch = globalThis.fetch, headers } = server
  const answer = await fetch(`${base}/api/gateway-ca.pem`, { ...(headers && { headers }) }).catch((cause: unknown) => {
    throw notAnswered(cause, base)
  })
  const pem = answer.ok ? await answer.text() : ''
  if (!/^-----BEGIN CERTIFICATE-----/.test(pem))
    throw new CliError('unreachable', `${base} has no PostgreSQL gateway.`, 'claviger status', { code: 'cli.no_postgres_gateway' })
  const file = join(shell.settings.folder, 'gateway-ca.pem')
  writePrivate(file, pem, 0o644)
  return file
}
