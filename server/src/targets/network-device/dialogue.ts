import type { Duplex } from 'node:stream'
import { ok } from '../../kernel/result.ts'
import { type Answer, protocol, timedOut, unreachable } from './failures.ts'
import type { Vendor } from './vendor.ts'

/** What may stand at the end of what a device shows. */
export type Prompt = keyof Vendor['prompts']

/** Prompt and response over one shell. What the device says is kept for one command, and never longer than `mostBytes`. */
export interface Dialogue {
  /** Waits for any prompt. Answers what was shown before it. */
  prompt(): Promise<Answer<{ at: Prompt; text: string }>>
  /** Says a line, which ends with a line end, and waits for the prompt behind it. */
  say(line: Uint8Array): Promise<Answer<{ at: Prompt; text: string }>>
}

const mostBytes = 1024 * 1024
const patienceMs = 10_000

export function openDialogue(shell: Duplex, { prompts, more }: Vendor): Dialogue {
  let shown = ''
  let over = false
  let woken = (): void => undefined
  shell.on('data', (bytes: Buffer) => {
    // 8-bit: a device's banner may be anything, and prompts are ASCII
    shown += bytes.toString('latin1')
    if (shown.endsWith(more.shows) || shown.trimEnd().endsWith(more.shows)) {
      shown = shown.slice(0, shown.lastIndexOf(more.shows))
      shell.write(more.answer)
    }
    woken()
  })
  for (const event of ['close', 'end', 'error'] as const)
    shell.on(event, () => {
      over = true
      woken()
    })

  /** The longest ending first: `(config)#` ends with `#` as well. */
  const endings = (Object.entries(prompts) as [Prompt, string][]).sort(([, a], [, b]) => b.length - a.length)
  const standing = (): Prompt | undefined => {
    const last = shown.slice(shown.lastIndexOf('\n') + 1).trimEnd()
    // a prompt begins with the device's name, and has no space in it
    return /^[\w.()/:~@-]+[>#%$]$/.test(last) ? endings.find(([, ends]) => last.endsWith(ends))?.[0] : undefined
  }

  const prompt: Dialogue['prompt'] = async () => {
    const end = performance.now() + patienceMs
    for (;;) {
      const at = standing()
      if (at) {
        const text = shown
        shown = ''
        return ok({ at, text })
      }
      if (shown.length > mostBytes) return protocol(`it shows more than ${mostBytes} bytes and no prompt`)
      if (over) return unreachable('the connection broke before the device answered')
      const left = end - performance.now()
      if (left <= 0) return timedOut('the device showed no prompt that its vendor is known for')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        woken = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  return {
    prompt,
    async say(line) {
      shown = ''
      shell.write(Buffer.from(line))
      return await prompt()
    },
  }
}
