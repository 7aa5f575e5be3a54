import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDialer } from '../../dialer/index.ts'

/*
 * A store that speaks S3 (@20minutes/s3rver): it keeps objects as files, checks every signature, and knows uploads in parts. Before it stands a line
 * that can be cut and made slow; what passes there can be looked at.
 */

interface S3rver {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}
type Make = new (options: object) => S3rver

export const keysOfStore = 'S3RVER\nS3RVER'

export interface S3Server {
  endpoint: string
  bucket: string
  /** The file in which an object lies. */
  file(name: string): string
  /** Requests that passed, each as its first line and headers in one text. */
  asked: string[]
  /** `away`: nobody listens. `hangs`: connections open, and nothing is said. `slow`: so many bytes pass each 10 ms. */
  line: { state: 'open' | 'away' | 'hangs' | { slow: number } }
  dial: ReturnType<typeof createDialer>
  stop(): Promise<void>
}

export async function startS3(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 's3-'))
  const data = join(folder, 'objects')
  mkdirSync(data)
  // @ts-expect-error it has no types
  const { default: Make } = (await import('@20minutes/s3rver')) as { default: Make }
  const bucket = 'claviger-recordings'
  const store = new Make({ address: '127.0.0.1', port: 0, silent: true, directory: data, configureBuckets: [{ name: bucket }] })
  const { port } = await store.run()
  const line: S3Server['line'] = { state: 'open' }
  const asked: string[] = []
  const open = new Set<Socket>()
  const server = createServer((near) => {
    open.add(near)
    near.on('error', () => undefined).on('close', () => open.delete(near))
    if (line.state === 'away') return void near.resetAndDestroy()
    if (line.state === 'hangs') return
    const far = connect(port, '127.0.0.1')
    far.on('error', () => near.destroy()).on('close', () => near.destroy())
    near.on('close', () => far.destroy())
    far.pipe(near)
    near.on('data', (bytes: Buffer) => {
      if (line.state === 'away') return void near.resetAndDestroy()
      if (line.state === 'hangs') return
      const said = bytes.toString('latin1')
      if (/^[A-Z]+ \/\S* HTTP\/1.1\r\n/.test(said)) asked.push(said.slice(0, said.indexOf('\r\n\r\n')))
      if (typeof line.state !== 'object') return void far.write(bytes)
      near.pause()
      const { slow } = line.state
      const rest = [...Array(Math.ceil(bytes.length / slow)).keys()].map((n) => bytes.subarray(n * slow, (n + 1) * slow))
      const timer = setInterval(() => {
        const next = rest.shift()
        if (next) return void far.write(next)
        clearInterval(timer)
        near.resume()
      }, 10)
      near.on('close', () => clearInterval(timer))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ bucket, asked },
    get line() {
      return line
    },
    file: (name) => join(data, bucket, `${name}._S3rver_object`),
    dial: createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }),
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
