import { isAbsolute } from 'node:path'
import { fail, ok, type Result } from './kernel/result.ts'

/** Where another server's newest checkpoint is: its API, or its anchor file in a folder that both reach. */
export type Peer = { name: string; url: string } | { name: string; file: string }

const most = 15

/** Reads CLAVIGER_PEERS. In the clear only on this machine: a checkpoint is signed, but who may hold it back should be few. */
export function readPeers(text: string): Result<Peer[], string> {
  const given = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  if (given.length > most) return fail(`CLAVIGER_PEERS: at most ${most} servers`)
  const peers: Peer[] = []
  for (const one of given) {
    if (isAbsolute(one)) {
      peers.push({ name: one, file: one })
      continue
    }
    const url = URL.canParse(one) ? new URL(one) : undefined
    const bare = url && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
    const here = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? '')
    if (!bare || !(url.protocol === 'https:' || (url.protocol === 'http:' && here)))
      return fail(
        `CLAVIGER_PEERS: "${one}" is neither an https address (http only on this machine) nor the absolute path of another server's anchor file`,
      )
    peers.push({ name: url.host, url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` })
  }
  return ok(peers)
}
