import { connect, createServer } from 'node:net'

/** Carries what arrives at Unix sockets to addresses of the network in which this runs: `path host port …`. */
const [, , ...args] = process.argv
for (let at = 0; at + 2 < args.length; at += 3) {
  const [path, host, port] = args.slice(at, at + 3) as [string, string, string]
  createServer((socket) => {
    const there = connect(Number(port), host)
    for (const one of [socket, there]) one.on('error', () => {})
    socket.pipe(there).pipe(socket)
    socket.once('close', () => there.destroy())
    there.once('close', () => socket.destroy())
  }).listen(path)
}
