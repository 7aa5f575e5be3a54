import { createServer } from 'node:net'

/** Outgoing connections take their ports from here on: what listens below sits on none of theirs. */
const end = 32_768
const begin = 20_000
/** Test files that run side by side look in parts of their own, as nothing holds a port between its being found and its being used. */
export const parts = 8
const size = Math.floor((end - begin) / parts)
const part = begin + (Number(process.env.VITEST_POOL_ID ?? 0) % parts) * size

/** What this process was told of before: a server of its own that is stopped for a while comes back to its ports. */
const given = new Set<number>()

/** For tests: so many different loopback ports that nothing listens on, none of them twice. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let tries = 0; found.size < count && tries < 500; tries++) {
    const port = part + Math.floor(Math.random() * size)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) found.add(port)
  }
  if (found.size < count) throw new Error(`no free ports from ${part} to ${part + size}`)
  return [...found]
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0] as number

export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
