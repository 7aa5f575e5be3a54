import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { type Ends, unacknowledged } from './unacknowledged.ts'

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const row = (ends: string, queue: string, timer: string, count: string) =>
  `   7: ${ends} 01 ${queue}:00000000 ${timer}:0000012C ${count}        0 99 2 0000000000000000 20 4 29 10 -1\n`
const ends: Ends = { local: { address: '127.0.0.1', port: 40_000 }, remote: { address: '10.1.2.3', port: 5432 } }
const kernels = '0100007F:9C40 0302010A:1538'

test.each([
  ['what was sent just now', row(kernels, '0000002A', '01', '00000000'), { bytes: 42, resent: 0 }],
  ['what is sent for the fourth time', row(kernels, '0000002A', '01', '00000003'), { bytes: 42, resent: 3 }],
  ['what is sent often', row(kernels, '00010000', '01', '0000000B'), { bytes: 65_536, resent: 11 }],
  ['what waits for a peer that is there and has no room', row(kernels, '0000002A', '04', '00000004'), { bytes: 42, resent: 0 }],
  ['nothing: everything arrived', row(kernels, '00000000', '00', '00000000'), undefined],
  ['nothing: a quiet peer is asked whether it is there', row(kernels, '00000000', '02', '00000004'), undefined],
  ['nothing: it is another connection from the same port', row('0100007F:9C40 0402010A:1538', '0000002A', '01', '00000003'), undefined],
  ['nothing: there is no such connection', '', undefined],
])('tells %s', (_what, rows, expected) => {
  expect(unacknowledged(head + rows, ends)).toEqual(expected)
})

test.each(['127.0.0.1', '::1'])('finds a connection over %s in the table of the running kernel', async (host) => {
  const server = createServer((socket) => void socket.on('error', () => {})).listen(0, host)
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, host)
  await once(socket, 'connect')
  const [local, remote] = [socket.localPort as number, socket.remotePort as number]
  const found: Ends = { local: { address: host, port: local }, remote: { address: host, port: remote } }
  const hex = (port: number) => port.toString(16).padStart(4, '0').toUpperCase()
  const line = readFileSync(`/proc/self/net/${host === '::1' ? 'tcp6' : 'tcp'}`, 'latin1')
    .split('\n')
    .find((one) => one.includes(`:${hex(local)} `) && one.includes(`:${hex(remote)} 01 `))
  // the same row, as if the kernel were sending again
  const resending = String(line).replace(/ 01 [0-9A-F]{8}:(\S+) \d\d:(\S+) [0-9A-F]{8} /, ' 01 00000007:$1 01:$2 00000005 ')
  expect(unacknowledged(`${resending}\n`, found)).toEqual({ bytes: 7, resent: 5 })
  socket.destroy()
  server.close()
})
