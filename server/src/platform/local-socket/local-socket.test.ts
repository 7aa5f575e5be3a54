import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectLocally, listenLocally, type Server } from './local-socket.ts'

let folder: string
let path: string
const servers: Server[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-socket-'))
  path = join(folder, 'x.sock')
})
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})
const listen = async (mode = 0o600) => {
  const server = await listenLocally(path, mode, (socket) => socket.pipe(socket))
  servers.push(server)
}
const echo = async (text: string) => {
  const socket = await connectLocally(path)
  const said = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())))
  socket.write(text)
  const answer = await said
  socket.destroy()
  return answer
}

describe('a socket between our processes', () => {
  test.each([0o600, 0o660, 0o666])('carries bytes both ways, and is open to whom its mode says (%i)', async (mode) => {
    await listen(mode)
    expect(statSync(path).mode & 0o777).toBe(mode)
    expect(await echo('hello')).toBe('hello')
  })

  test('is made anew where a killed process left one', async () => {
    writeFileSync(path, 'left behind')
    await listen()
    expect(await echo('again')).toBe('again')
  })

  test('that is not there is an error that can be waited for', async () => {
    await expect(connectLocally(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
