import './evidence.css'
import { element } from './element.ts'
import { pageOf } from './page.ts'
import { readTold } from './told.ts'
import { verify } from './verify.ts'

/*
 * The program of a page of evidence: a recorded session as one file, for somebody without an account. Built into one script that loads nothing; the page's own
 * policy lets nothing else run.
 */

const main = document.getElementById('evidence') as HTMLElement
const say = (text: string) => main.replaceChildren(element('p', { class: 'unchecked', role: 'alert' }, text))

async function run(): Promise<void> {
  const told = readTold()
  if (!told) return say('Not verified: what this page says of its recording cannot be read. It was altered, or is not complete.')
  const progress = element('progress', { max: '1', value: '0', 'aria-label': 'Verifying' })
  main.replaceChildren(element('p', { class: 'unchecked' }, 'Verifying this recording… '), progress)
  const verified = await verify(told, (share) => {
    progress.value = share
  })
  main.replaceChildren(...(await pageOf(told, verified)))
  main.dataset.ready = ''
}

run().catch(() =>
  say('Not verified: what this page says of its recording cannot be read. It was altered, or this browser is too old for it.'),
)
