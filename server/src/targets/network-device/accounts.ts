import { ok } from '../../kernel/result.ts'
import type { Dialogue } from './dialogue.ts'
import { type Answer, protocol } from './failures.ts'
import { fill, type Vendor } from './vendor.ts'

/** What we put into a command: nothing that a device would read in its own way. */
export const safeName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/

export interface Configured {
  name: string
  /** As it is written there: `15`. Empty where none is. */
  privilege: string
}

/** The accounts that are configured. Paging is off, and the device is at a prompt. */
export async function listAccounts(dialogue: Dialogue, vendor: Vendor): Promise<Answer<Configured[]>> {
  const shown = await dialogue.say(fill(vendor.list.command, { account: '' }))
  if (!shown.ok) return shown
  if (refusalIn(shown.value.text, vendor)) return protocol('it does not show its accounts to who is logged in')
  return ok(readAccounts(shown.value.text, vendor))
}

/** From what a device showed; the command itself is echoed in it. */
export function readAccounts(text: string, { list }: Vendor): Configured[] {
  return text.split(/\r?\n/).flatMap((raw) => {
    const line = raw.replaceAll('\b', '').trimStart()
    if (!line.startsWith(list.begins)) return []
    const [name = '', ...rest] = line.slice(list.begins.length).split(' ')
    if (!safeName.test(name)) return []
    const at = rest.join(' ').indexOf(list.privilege)
    return [
      {
        name,
        privilege:
          at < 0
            ? ''
            : (rest
                .join(' ')
                .slice(at + list.privilege.length)
                .split(' ')[0] ?? ''),
      },
    ]
  })
}

/** Which of its ways to refuse a device used, if it did. */
export function refusalIn(text: string, { refusals }: Vendor): keyof Vendor['refusals'] | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trimStart())
  const found = (['right', 'unknown', 'password'] as const).find((kind) =>
    lines.some((line) => refusals[kind].some((words) => line.startsWith(words))),
  )
  return found ?? (lines.some((line) => line.startsWith('% ')) ? 'unknown' : undefined)
}
