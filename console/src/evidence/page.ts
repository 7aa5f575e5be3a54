import { clock, element, printable } from './element.ts'
import { commandTable, fileTable, statementTable } from './lists.ts'
import { player } from './player.ts'
import type { Told } from './told.ts'
import { verdictOf } from './verdict.ts'
import type { Verified } from './verify.ts'
import { fingerprintOf, isKey } from './vouch.ts'

type Rows = readonly (readonly [name: string, value: string | Node])[]

const facts = (rows: Rows): HTMLElement =>
  element(
    'dl',
    {},
    ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, typeof value === 'string' ? printable(value) : value)]),
  )
const section = (title: string, ...children: Node[]): HTMLElement =>
  element('section', { 'aria-label': title }, element('h2', {}, title), ...children)

/** Everything that there is to see, laid out; what is said of it changes with the key that the reader compares. */
export async function pageOf(told: Told, verified: Verified): Promise<Node[]> {
  const { content, header, vouched } = verified
  const kind = header?.facts.kind
  const session = vouched.facts?.session
  const shown: Node[] = [heading(verified), await comparing(told, verified)]
  if (kind === 'terminal' && header) {
    shown.push(section('Replay', player(content, header.facts, session?.kind === 'exec')))
    if (content.commands.length > 0) shown.push(element('div', { class: 'print-only' }, section('Commands', commandTable(content))))
  }
  if (kind === 'sql') shown.push(section(`Statements ${content.statements.length}`, statementTable(content)))
  if (kind === 'files' || content.files.length > 0) shown.push(section(`Files ${content.files.length}`, fileTable(content)))
  shown.push(await evidence(told, verified))
  return shown
}

function heading({ vouched }: Verified): HTMLElement {
  const session = vouched.facts?.session
  const title = session ? `${session.person.displayName} on ${session.account}@${session.target}` : 'A recording'
  const scheme = element('button', { type: 'button' }, 'Light or dark')
  scheme.addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
    document.documentElement.dataset.theme = dark === 'dark' ? 'light' : 'dark'
  })
  const print = element('button', { type: 'button' }, 'Print the evidence')
  print.addEventListener('click', () => window.print())
  return element(
    'header',
    {},
    element('div', {}, element('h1', {}, printable(title)), element('p', { class: 'quiet' }, 'A recorded session, exported from Claviger')),
    element('div', { class: 'acts' }, scheme, print),
  )
}

async function comparing(told: Told, verified: Verified): Promise<HTMLElement> {
  const banner = element('div', { class: 'verdict', role: 'status' })
  const field = element('input', { type: 'text', id: 'key', autocomplete: 'off', spellcheck: 'false', maxlength: '300' })
  const say = async () => {
    const key = field.value.trim() === '' ? undefined : await isKey(field.value, told.verifierKey)
    const { tone, word, sentence } = verdictOf(verified, key)
    banner.dataset.tone = tone
    banner.replaceChildren(element('strong', {}, `${word}.`), ` ${sentence}`)
  }
  field.addEventListener('input', () => void say())
  await say()
  const label = element('label', { for: 'key' }, 'The installation’s key or its fingerprint, as you got it by another road than this file')
  return element('section', { 'aria-label': 'Verification' }, banner, element('div', { class: 'compare' }, label, field))
}

async function evidence(told: Told, { steps, vouched, header, chunks, bytes, head, content }: Verified): Promise<HTMLElement> {
  const { facts: known, manifest, entries } = vouched
  const mono = (text: string) => element('code', {}, printable(text))
  const rows: [string, string | Node][] = []
  if (known) {
    const { session, exported } = known
    rows.push(
      ['Session', mono(session.id)],
      ['Person', `${session.person.displayName} (${session.person.name}, ${session.person.id})`],
      ['Account', `${session.account}@${session.target}${session.database ? `, database ${session.database}` : ''}`],
      ['Came by', `${session.door}, ${session.way}; ${session.kind}`],
      ['Grant', mono(`${session.grant}, request ${session.request}`)],
      ['Opened', session.openedAt],
      ['Ended', session.endedAt ? `${session.endedAt}${session.endReason ? `, ${session.endReason}` : ''}` : 'it still ran'],
      ['Exported', `${exported.at} by ${exported.by.name} (${exported.by.id})`],
    )
  }
  const { proven, unproven } = content.keystrokes
  rows.push(
    ['Recording', mono(told.recording?.id ?? '')],
    ['Size', `${chunks} chunks, ${bytes} bytes, ${clock(content.duration)}`],
    ['Began', header?.facts.started ?? 'unknown'],
    ['Last block, SHA-256', mono(head)],
    ['Keys typed', `${proven} shown by the target; ${unproven} that it did not show, which stay sealed under the key of two officers`],
    ['Manifest', manifest ? mono(`${manifest.chunks} chunks, ${manifest.bytes} bytes, ${manifest.started} to ${manifest.ended}`) : 'none'],
    ['Ledger', mono(told.log)],
    ['Key', mono(told.verifierKey)],
    ['Fingerprint of the key', mono(await fingerprintOf(told.verifierKey))],
    ['Checkpoint', element('pre', {}, printable(told.checkpoint))],
  )
  const checks = steps.map(({ what, ok }) =>
    element('li', { class: ok ? 'held' : 'failed' }, `${ok ? 'Holds' : 'Does not hold'}: ${what}.`),
  )
  const noted = entries.map(({ place, id, at, act, by }) =>
    element('li', {}, mono(`${place} ${id}`), ` ${printable(`${act}, ${at}${by ? `, by ${by}` : ''}`)}`),
  )
  return section(
    'Evidence',
    facts(rows),
    element('h3', {}, 'What was checked here'),
    element('ol', { class: 'checks' }, ...checks),
    element('h3', {}, 'Entries of the ledger'),
    element('ul', {}, ...noted),
    element(
      'p',
      { class: 'quiet' },
      'A page can be altered together with the program in it. Who must rely on this takes the sealed file and an export of the ledger, and verifies them with a claviger of their own: claviger sessions verify.',
    ),
  )
}
