import type { AnyAuthMethod, ConnectConfig } from 'ssh2'
import ssh2 from 'ssh2'
import type { Door } from './open-door.ts'

/** What a door answered to a client that says exactly what it is told to. */
export interface Answer {
  ready: boolean
  banners: string[]
  error: string
}

/** Connects with ssh2's client, offering `methods` in turn, and answers how it went; a success is closed at once. */
export function knock(port: number, username: string, methods: readonly AnyAuthMethod[], more: ConnectConfig = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const client = new ssh2.Client()
    const answer: Answer = { ready: false, banners: [], error: '' }
    const rest = [...methods]
    client.on('banner', (text) => void answer.banners.push(text))
    client.on('ready', () => {
      answer.ready = true
      client.end()
    })
    client.on('error', (error) => {
      answer.error ||= error.message
    })
    client.on('close', () => resolve(answer))
    client.connect({
      ...{ host: '127.0.0.1', port, username, readyTimeout: 0 },
      authHandler: ((_left: unknown, _partial: unknown, next: (method: AnyAuthMethod | false) => void) =>
        next(rest.shift() ?? false)) as unknown as NonNullable<ConnectConfig['authHandler']>,
      ...more,
    })
  })
}

/** Signs alice in with key and code. */
export async function signIn(door: Door, username = door.user): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  const answer = (_name: string, _instruction: string, _language: string, _prompts: unknown, finish: (answers: string[]) => void) =>
    finish([door.host.code()])
  client.on('error', () => {})
  const ready = new Promise((resolve) => client.once('ready', () => resolve(undefined)))
  const methods: AnyAuthMethod[] = [
    { type: 'publickey', username, key: door.alice.pem },
    { type: 'keyboard-interactive', username, prompt: answer as never },
  ]
  client.connect({ host: '127.0.0.1', port: door.gateway.port, username, authHandler: methods })
  await ready
  return client
}

/** A channel, from ssh2's callback. */
export function opened(ask: (done: (error: Error | undefined, channel: ssh2.ClientChannel) => void) => void): Promise<ssh2.ClientChannel> {
  return new Promise((resolve, reject) => ask((error, channel) => (error ? reject(error) : resolve(channel))))
}
