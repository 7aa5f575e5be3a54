import type { Keeper } from '../keeper/client.ts'

/**
 * Runs one thing while the keeper's seal is open and another while it is closed, one after the other and never both. `closing` is called when
 * somebody seals, before the keys are gone: what runs may end in order; `closed` when they are. What fails to open is tried again; the first time only
 * where `patient`, otherwise that is the failure of who asked.
 */
export async function whileOpen(
  keeper: Keeper,
  parts: {
    open: () => Promise<{ close(): Promise<void> }>
    sealed?: () => Promise<{ close(): Promise<void> }>
    closing?: () => Promise<void>
    closed?: () => void
    patient?: boolean
  },
  log: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
  let running: { is: 'open' | 'sealed'; close(): Promise<void> } | undefined
  let turn: Promise<void> = Promise.resolve()
  let over = false
  let closing = false

  const settle = async (once = false): Promise<void> => {
    if (over) return
    const wanted = keeper.open && !closing ? 'open' : 'sealed'
    if (running?.is === wanted) return
    await running?.close()
    running = undefined
    try {
      const begun = wanted === 'open' ? await parts.open() : ((await parts.sealed?.()) ?? { close: async () => undefined })
      running = { is: wanted, close: () => begun.close() }
    } catch (error) {
      if (once) throw error
      log(
        `could not begin after the seal was ${wanted === 'open' ? 'opened' : 'closed'}, trying again: ${error instanceof Error ? error.message : String(error)}`,
      )
      setTimeout(() => next(), 2_000).unref()
    }
  }
  const next = (): void => {
    turn = turn.then(() => settle())
  }
  const stop = keeper.onSeal((state) => {
    if (state === 'closing') {
      closing = true
      next()
      turn = turn.then(async () => await parts.closing?.().catch((error: unknown) => log(String(error))))
    } else {
      closing = false
      next()
      if (state === 'sealed') turn = turn.then(() => parts.closed?.())
    }
  })
  await settle(!parts.patient)
  return {
    async close() {
      over = true
      stop()
      await turn
      await running?.close()
    },
  }
}
