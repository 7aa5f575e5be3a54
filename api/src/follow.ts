import type { z } from 'zod'
import { type Call, refused, request, type Transport } from './call.ts'
import type { BodyOf, ParamsOf } from './route.ts'
import { type LiveEvent, liveEvent, type watchSession } from './routes/live.ts'

/** A line longer than this is none of ours. */
const longestLine = 4 * 1024 * 1024

/** Watches: the lines of a running session as they come. The connection closes when `signal` says so or the caller stops taking. */
export async function follow(
  to: Transport,
  route: typeof watchSession,
  args: { params: ParamsOf<typeof watchSession>; body: BodyOf<typeof watchSession> },
  signal: AbortSignal,
): Promise<Call<AsyncGenerator<LiveEvent>>> {
  const response = await request(to, route, args, signal)
  if (!response.ok || !response.body) return refused(response, await response.text())
  return { ok: true, value: eventsOf(response.body) }
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<z.output<typeof liveEvent>> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > longestLine) throw new Error('a line of a watched session has no end')
      for (const line of lines) yield liveEvent.parse(JSON.parse(line))
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
