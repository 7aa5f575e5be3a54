import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface Mail {
  host: string
  port: number
  from: string
  to: readonly string[]
  subject: string
  text: string
}

/**
 * Hands one mail to a relay of the house, as RFC 5321 says it, without TLS and without a password: it says who opened what, and holds no secret.
 * Throws when the relay does not take it within the time.
 */
export async function sendMail({ host, port, from, to, subject, text }: Mail, milliseconds: number): Promise<void> {
  const socket = await dial(host, port, milliseconds)
  const timer = setTimeout(() => socket.destroy(new Error('the relay did not answer in time')), milliseconds)
  const lines = createInterface({ input: socket, terminal: false })[Symbol.asyncIterator]()
  let broken: Error | undefined
  socket.on('error', (error) => {
    broken = error
  })
  /** RFC 5321, 4.2.1: the last line of an answer has a space behind its code. */
  const answer = async (wanted: number): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done || value === undefined) throw broken ?? new Error('the relay hung up')
      if (value[3] === '-') continue
      if (!value.startsWith(String(wanted))) throw new Error(`the relay said: ${value.slice(0, 200)}`)
      return
    }
  }
  const say = async (line: string, wanted: number): Promise<void> => {
    socket.write(`${line}\r\n`)
    await answer(wanted)
  }
  try {
    await answer(220)
    await say('HELO claviger', 250)
    await say(`MAIL FROM:<${address(from)}>`, 250)
    for (const one of to) await say(`RCPT TO:<${address(one)}>`, 250)
    await say('DATA', 354)
    const head = [
      `From: <${address(from)}>`,
      `To: ${to.map((one) => `<${address(one)}>`).join(', ')}`,
      `Subject: ${subject}`,
      `Date: ${new Date().toUTCString()}`,
    ]
    // RFC 5321, 4.5.2: a line that begins with a dot gets another one
    const body = text.split('\n').map((line) => (line.startsWith('.') ? `.${line}` : line))
    await say([...head, 'Content-Type: text/plain; charset=utf-8', '', ...body, '.'].join('\r\n'), 250)
    socket.write('QUIT\r\n')
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** Nothing that would end the line or the address. */
const address = (text: string): string => text.replace(/[\s<>]/g, '')

function dial(host: string, port: number, milliseconds: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: milliseconds })
    socket.once('connect', () => resolve(socket))
    socket.once('timeout', () => socket.destroy(new Error('no answer')))
    socket.once('error', reject)
  })
}
