/** Backups that were let and are not signed yet. In memory alone: one whose keeper was restarted is begun again. */
export interface Backups {
  let(backup: string, recipients: readonly string[], recordings: boolean): void
  /** Whether exactly this was let, and not started before. */
  start(backup: string, recipients: readonly string[], recordings: boolean): boolean
  /** Whether it was started; afterwards it is over. */
  end(backup: string): boolean
  /** Whether these are the recipients that the operator set. */
  isScheduled(recipients: readonly string[]): boolean
}

const most = 100

export function createBackups(scheduled: readonly string[]): Backups {
  const open = new Map<string, { what: string; started: boolean }>()
  const textOf = (recipients: readonly string[]) => recipients.toSorted().join('\n')
  const whatOf = (recipients: readonly string[], recordings: boolean) => `${recordings}\n${textOf(recipients)}`
  return {
    let(backup, recipients, recordings) {
      if (open.size >= most) open.delete(open.keys().next().value ?? '')
      open.set(backup, { what: whatOf(recipients, recordings), started: false })
    },
    start(backup, recipients, recordings) {
      const found = open.get(backup)
      if (!found || found.started || found.what !== whatOf(recipients, recordings)) return false
      found.started = true
      return true
    },
    end: (backup) => open.get(backup)?.started === true && open.delete(backup),
    isScheduled: (recipients) => scheduled.length > 0 && textOf(recipients) === textOf(scheduled),
  }
}
