import { type RemoveDeps, removeFiles } from './remove-files.ts'

const everyMs = 3600_000

/** Removes files of destroyed recordings: at the start, when it is told of one, and every hour. In the gateway, which owns the folder. */
export function startRemovingFiles(deps: RemoveDeps): { look(): void; stop(): Promise<void> } {
  let over = false
  let looking: Promise<unknown> | undefined
  let again = false
  const look = (): void => {
    again = looking !== undefined
    looking ??= removeFiles(deps, () => over)
      .catch((error: unknown) => deps.log(`files of destroyed recordings are not removed yet: ${String(error)}`))
      .finally(() => {
        looking = undefined
        if (again && !over) look()
      })
  }
  const timer = setInterval(look, everyMs)
  look()
  return {
    look,
    async stop() {
      over = true
      clearInterval(timer)
      await looking
    },
  }
}
