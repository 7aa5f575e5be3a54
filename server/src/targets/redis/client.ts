import { Redis } from 'ioredis'
import type { SecuredSocket } from '../../platform/tls/index.ts'

type Reply = string | number | null | Reply[]

/** A connection on which TLS stands and nothing has been said. */
export interface RedisClient {
  /** One command. Rejects with the server's error, whose text may repeat what it was sent: see `replyFailure`. */
  call(command: string, ...values: (string | Buffer)[]): Promise<Reply>
  close(): Promise<void>
}

/** ioredis over a connection that stands already: it dials nothing, asks nothing and tries nothing again by itself. `patience`: milliseconds for each command. */
export function clientOver(socket: SecuredSocket['socket'], patience: number): RedisClient {
  class Connected {
    connecting = true
    firstError: Error | undefined
    check = (): boolean => true
    connect = async () => socket
    disconnect = (): void => void socket.end()
  }
  const redis = new Redis({
    Connector: Connected as never,
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: true,
    disableClientInfo: true,
    protocol: 2, // without HELLO: the first word is our AUTH
    commandTimeout: patience,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    reconnectOnError: () => false,
  })
  redis.on('error', () => {}) // the command that waits is told
  return {
    call: async (command, ...values) => (await redis.call(command, ...values)) as Reply,
    async close() {
      redis.disconnect()
      socket.destroy()
    },
  }
}
