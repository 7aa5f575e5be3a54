import { spawnPart } from './spawn-part.ts'

export interface OnceOptions {
  file: string
  /** Sent as one JSON document on standard input. */
  config: unknown
  /** What it says on its way; the answer, if any, is sent back. */
  onWord(word: Record<string, unknown>, answer: (word: Record<string, unknown>) => void): void
}

/** Runs a process of ours for one piece of work. Resolves when it is gone, with whether it ended well. It ends when we do. */
export function runOnce({ file, config, onWord }: OnceOptions): { ended: Promise<boolean>; kill(): void } {
  const child = spawnPart(file)
  child.stdin?.end(JSON.stringify(config))
  child.on('message', (word: Record<string, unknown>) => onWord(word, (back) => void (child.connected && child.send(back))))
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
  return { ended, kill: () => void child.kill('SIGKILL') }
}
