import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

const step = 8 * 1024 * 1024

/**
 * Which of these byte strings stand in the memory of a process, and how often: all that it may write to, as a debugger or a core dump would see it.
 * The process must be one of ours, or we root. Nothing is kept of what was read.
 */
export function findInMemory(pid: number, needles: Readonly<Record<string, Uint8Array>>): Record<string, number> {
  const found = Object.fromEntries(Object.keys(needles).map((name) => [name, 0]))
  const longest = Math.max(...Object.values(needles).map((n) => n.length))
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const buffer = Buffer.alloc(step + longest)
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = '', mode = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? []
      if (!mode.startsWith('rw')) continue
      const end = Number.parseInt(to, 16)
      for (let at = Number.parseInt(from, 16); at < end; at += step) {
        // a little further than the step, so that what lies across two of them is seen; counted where it begins
        const wanted = Math.min(step + longest - 1, end - at)
        const bytes = buffer.subarray(0, readAt(memory, buffer, wanted, at))
        for (const [name, needle] of Object.entries(needles))
          for (let i = bytes.indexOf(needle); i !== -1 && i < step; i = bytes.indexOf(needle, i + 1)) found[name] = (found[name] ?? 0) + 1
      }
    }
    return found
  } finally {
    buffer.fill(0)
    closeSync(memory)
  }
}

/** How much could be read; nothing of what is mapped and not there. */
function readAt(file: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(file, into, 0, length, at)
  } catch {
    return 0
  }
}
