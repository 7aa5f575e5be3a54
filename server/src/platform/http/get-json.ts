/** Asks one address for JSON: no redirects, no proxy, bounded in time and size. Throws with what went wrong. For addresses that an operator set. */
export async function getJson(url: string, bounds: { ms: number; bytes: number }): Promise<unknown> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(bounds.ms), headers: { accept: 'application/json' } })
  if (!answer.ok || !answer.body) throw new Error(`${url} answered ${answer.status}`)
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of answer.body) {
    size += piece.length
    if (size > bounds.bytes) throw new Error(`${url} answered with more than ${bounds.bytes} bytes`)
    pieces.push(piece)
  }
  return JSON.parse(Buffer.concat(pieces).toString('utf8'))
}
