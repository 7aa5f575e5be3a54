import { type AddressInfo, createServer, type Socket } from 'node:net'
import ssh2 from 'ssh2'
import { freshKey } from '../../../platform/ssh/ssh-server.fixture.ts'

/** An account of the device. */
export interface User {
  password: string
  privilege: number
}

export interface Ios {
  port: number
  fingerprint: string
  users: Map<string, User>
  /** What it would still know after a power cut. */
  saved: Map<string, User>
  /** Switches its ways. */
  ways: { cutAt: number; pagesAfter: number; strict: boolean }
  /** Every line that it was given, but for what follows `secret`: as IOS with `hidekeys` logs it. */
  logged: string[]
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * A device that behaves like IOS: prompts by privilege, a configuration mode, `% Invalid input` under a caret, an echo of what is typed, paging with
 * `--More--`, configuration that is forgotten unless it is saved, and passwords that it cuts without a word.
 */
export async function startIos(): Promise<Ios> {
  const key = freshKey()
  const users = new Map<string, User>([
    ['claviger', { password: 'the-manager', privilege: 15 }],
    ['powerless', { password: 'no-rights', privilege: 1 }],
  ])
  const sockets = new Set<Socket>()
  const device: Ios = {
    ...{ port: 0, fingerprint: key.pin.fingerprint, users, saved: new Map(users), logged: [] },
    ways: { cutAt: 128, pagesAfter: Number.POSITIVE_INFINITY, strict: false },
    async restart() {
      for (const socket of sockets) socket.destroy()
      users.clear()
      for (const [name, user] of device.saved) users.set(name, user)
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        tcp.close(() => resolve())
      }),
  }
  const cut = (text: string) => text.slice(0, device.ways.cutAt)
  const ssh = new ssh2.Server({ hostKeys: [key.pem] }, (client) => {
    let name = ''
    client.on('error', () => {})
    client.on('authentication', (context) => {
      name = context.username
      const known = context.method === 'password' && users.get(name)
      if (known && known.password === cut(context.password)) context.accept()
      else context.reject(['password'])
    })
    client.on('session', (accept) => {
      const session = accept()
      session.on('pty', (yes) => yes?.())
      session.on('shell', (yes) => talk(device, yes(), users.get(name)?.privilege ?? 1, cut))
    })
  })
  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    ssh.injectSocket(socket)
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  device.port = (tcp.address() as AddressInfo).port
  return device
}

function talk(device: Ios, shell: ssh2.ServerChannel, privilege: number, cut: (text: string) => string): void {
  let configuring = false
  let paging = true
  let typed = ''
  let rest: string[] = []
  const prompt = () => shell.write(`\r\nsw01${configuring ? '(config)#' : privilege === 15 ? '#' : '>'}`)
  const page = (): void => {
    const most = paging ? device.ways.pagesAfter : Number.POSITIVE_INFINITY
    for (const line of rest.splice(0, most)) shell.write(`${line}\r\n`)
    if (rest.length > 0) shell.write(' --More-- ')
    else prompt()
  }
  const invalid = (): void => {
    shell.write("                 ^\r\n% Invalid input detected at '^' marker.\r\n")
    prompt()
  }
  /** What is shown behind the line, before the prompt: nothing, pages of `rest`, or that it is not understood. */
  const obey = (line: string): 'nothing' | 'pages' | 'invalid' => {
    device.logged.push(line.replace(/( secret \d) .*/, '$1 *'))
    if (line === '') return 'nothing'
    if (configuring) {
      const [, name, password = ''] = /^username (\S+) secret 0 (.+)$/.exec(line) ?? []
      if (line === 'end') configuring = false
      else if (name === undefined) return 'invalid'
      else if (device.ways.strict && password.length < 12)
        shell.write('% Password length must be at least 12 characters. Password configuration failed\r\n')
      // an account that is not there is made, with no privilege of its own
      else device.users.set(name, { privilege: device.users.get(name)?.privilege ?? 1, password: cut(password) })
      return 'nothing'
    }
    if (line === 'terminal length 0') paging = false
    else if (line === 'terminal width 511') return 'nothing'
    else if (privilege < 15) return 'invalid'
    else if (line === 'configure terminal') {
      shell.write('Enter configuration commands, one per line.  End with CNTL/Z.\r\n')
      configuring = true
    } else if (line === 'write memory') {
      device.saved.clear()
      for (const [name, one] of device.users) device.saved.set(name, { ...one })
      shell.write('Building configuration...\r\n[OK]')
    } else if (line === 'show running-config | include ^username') {
      rest = [...device.users].map(([name, one]) => `username ${name} privilege ${one.privilege} secret 9 $9$notforeyes`)
      return 'pages'
    } else return 'invalid'
    return 'nothing'
  }
  shell.on('error', () => {})
  shell.on('data', (bytes: Buffer) => {
    for (const char of bytes.toString('latin1')) {
      if (rest.length > 0) {
        shell.write('\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b')
        page()
      } else if (char === '\n' || char === '\r') {
        const line = typed
        typed = ''
        shell.write('\r\n')
        const shows = obey(line)
        if (shows === 'pages') page()
        else if (shows === 'invalid') invalid()
        else prompt()
      } else {
        typed += char
        shell.write(char)
      }
    }
  })
  shell.write('\r\nC  Authorised use only: everything is recorded #1 > here')
  prompt()
}
