import type { HeldAct, SessionAsk } from './routes/asks.ts'

/** What cannot be seen, or moves what stands beside it, is spelled: whoever says yes reads all of it, in its order. */
const unseen = /[^\P{C}\n]|[\u2028\u2029\u00a0\u115f\u1160\u3164\uffa0]/gu
const visible = (text: string): string => text.replace(unseen, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`)

const ways: Readonly<Record<string, string>> = {
  ...{ get: 'fetch', put: 'write to', list: 'list', remove: 'remove', rename: 'rename', mkdir: 'make folder', rmdir: 'remove folder' },
  ...{ attributes: 'change attributes of' },
}

/** A held act as those read it who decide. */
export function heldActText(act: HeldAct): string {
  switch (act.action) {
    case 'run':
      return visible(act.command)
    case 'query':
      return visible(act.sql)
    case 'transfer': {
      const size = act.until === null ? '' : `, fewer than ${act.until} bytes`
      const from = act.bytes > 0 ? `, of ${act.bytes} bytes or more` : ''
      const or = act.or === undefined ? '' : ` or, if that is a folder there, ${visible(act.or)}`
      if (act.local) return `send ${visible(act.path)} of their own machine${from}${size}`
      return `${ways[act.op] ?? visible(act.op)} ${visible(act.path)}${or}${from}${size}`
    }
    case 'forward':
      return `forward connections ${act.direction === 'remote' ? 'from' : 'to'} ${visible(act.host)}:${act.port}`
  }
}

/** The values with which a prepared statement is run, each on a line of its own, in the order of its places. */
export function heldActValues(act: HeldAct): string[] {
  if (act.action !== 'query') return []
  return (act.values ?? []).map((value) => (value === null ? 'null' : `'${visible(value).replaceAll('\n', '\\u{a}')}'`))
}

/** Why nobody reads what was asked. */
export const unreadText: Readonly<Record<NonNullable<SessionAsk['unread']>, string>> = {
  destroyed: 'What was asked was destroyed with the recording of its session.',
  altered: 'This is not what was asked: somebody changed it in the database. Nothing passes by it. Tell a security officer.',
  not_kept: 'What was asked is not kept: that was before its text was sealed.',
  not_now: 'What is asked cannot be read just now. Look again.',
}

/** What it is, in a word. */
export const heldActKind: Readonly<Record<HeldAct['action'], string>> = {
  run: 'Command',
  query: 'Statement',
  transfer: 'File',
  forward: 'Connection',
}
