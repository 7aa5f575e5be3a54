import { type Duplex, duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { scrubStreams } from '../../../kernel/scrub-stream.ts'
import { Secret } from '../../../kernel/secret.ts'
import type { Recorder } from '../../contract.ts'
import { relay } from './relay.ts'
import type { Watch } from './wire.ts'

/** A wire of commands of a letter and answers of two, on which a command goes to the target when the one before is answered. */
function oneAtATime(): Watch {
  const waiting: Buffer[] = []
  let busy = false
  let left = 0
  const begin = (letter: Buffer | undefined) => {
    busy = letter !== undefined
    return letter
  }
  return {
    fromPerson(chunk) {
      for (const byte of chunk) waiting.push(Buffer.of(byte))
      return busy ? Buffer.alloc(0) : (begin(waiting.shift()) ?? Buffer.alloc(0))
    },
    fromTarget: {
      scan(bytes) {
        for (const _ of bytes) left = left === 0 ? 1 : 0
        if (left === 0) busy = false
        return true
      },
      get left() {
        return left
      },
      get between() {
        return left === 0
      },
    },
    next: () => (busy ? undefined : begin(waiting.shift())),
    refusal: undefined,
    overflowing: false,
    crowded: false,
    get busy() {
      return busy
    },
    terminated: false,
    farewell: false,
    end: () => undefined,
  }
}

const nothing: Recorder = {
  ...{ output: () => undefined, input: () => undefined, resize: () => undefined, file: () => undefined },
  ...{ statementStarted: () => undefined, statementEnded: () => undefined, resultPassed: () => undefined, pressure: () => undefined },
}

/** What has arrived so far. */
function heard(at: Duplex): () => string {
  let all = ''
  at.on('data', (chunk: Buffer) => {
    all += chunk.toString()
  })
  return () => all
}

const settled = async () => {
  for (let i = 0; i < 20; i++) await turn()
}

test('while it is suspended nothing passes, a command that waited for an answer neither; then all of it, in order', async () => {
  const [client, person] = duplexPair()
  const [server, target] = duplexPair()
  const [scrub] = await scrubStreams(Secret.fromText('a password of the vault'), 1)
  const never = () => expect.unreachable()
  const carried = relay({
    ...{ person, target, recorder: nothing, watch: oneAtATime(), scrub: scrub as never },
    ...{ touched: () => undefined, failed: never, refused: never },
  })
  const atTarget = heard(server)
  const atClient = heard(client)
  client.write('ab')
  await settled()
  expect(atTarget()).toBe('a')
  server.write('1')
  await settled()
  carried.suspend()
  // the client has the beginning of this message: no more than the rest of it passes
  server.write('.2')
  client.write('c')
  await settled()
  expect([atTarget(), atClient()]).toEqual(['a', '1.'])
  carried.resume()
  await settled()
  expect([atTarget(), atClient()]).toEqual(['ab', '1.2'])
  server.write('.')
  await settled()
  expect([atTarget(), atClient()]).toEqual(['abc', '1.2.'])
})
