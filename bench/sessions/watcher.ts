import { live } from '@claviger/api'

/** Watches a session as the console does: a line of JSON for each thing that happens. */
export async function watch(base: string, token: string, id: string) {
  const stop = new AbortController()
  const path = live.watchSession.path.replace(':id', id)
  const answer = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
    signal: stop.signal,
  })
  if (!answer.ok || !answer.body) throw new Error(`the session cannot be watched: ${answer.status} ${await answer.text()}`)
  const now = Promise.withResolvers<void>()
  let shown = ''
  let waiting: { mark: string; at: (ms: number) => void }[] = []
  const read = async (body: ReadableStream<Uint8Array>) => {
    let rest = ''
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const at = performance.now()
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const event = live.liveEvent.parse(JSON.parse(line))
        if (event.kind === 'now') now.resolve()
        if (event.kind === 'output') shown = `${shown}${event.text}`.slice(-10_000)
      }
      for (const one of waiting.filter(({ mark }) => shown.includes(mark))) one.at(at)
      waiting = waiting.filter(({ mark }) => !shown.includes(mark))
    }
  }
  read(answer.body).catch((error: unknown) => now.reject(error))
  return {
    /** What follows happens now. */
    now: now.promise,
    hears: (mark: string) => new Promise<number>((at) => waiting.push({ mark, at })),
    leave: () => stop.abort(),
  }
}
