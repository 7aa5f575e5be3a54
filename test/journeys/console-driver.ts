import { existsSync } from 'node:fs'
import { join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { readLabPerson } from '../../cli/src/codes/people.ts'
import { findChromium } from '../support/chromium.ts'
import { root } from '../support/claviger.ts'

/** How long a page may take on a busy machine: for what is polled, as for what is waited for. */
export const patient = { timeout: 60_000 }

/** A real Chromium that asks nobody outside. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(join(root, 'console/dist/index.html'))) throw new Error('The console is not built: cd console && npx vite build')
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  return await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu', ...quiet] })
}

/** Somebody at a browser of their own: nothing of it is shared with another's. */
export interface Seat {
  page: Page
  /** A code of theirs that nobody used yet. */
  code(): Promise<string>
  /** What the browser complained about: the console's errors, what policy forbade, what broke. */
  complaints: string[]
  close(): Promise<void>
}

interface Where {
  base: string
  data: string
}

/** Opens the console at `path` as nobody yet. */
export async function sit(browser: Browser, { base, data }: Where, name: string, how: BrowserContextOptions = {}): Promise<Seat> {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...how })
  context.setDefaultTimeout(patient.timeout)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`${error}`))
  page.on('console', (message) => {
    // the browser says of each refusal that a resource failed; the page has said it in words
    if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  const code = async () => (await handOutCode(data, name, readLabPerson(data, name).totpSecret, { from: 'soonest' })).code
  return { page, code, complaints, close: () => context.close() }
}

/** Name and password; the page asks for the code then. */
export async function givePassword({ page }: Seat, { data }: Where, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(readLabPerson(data, name).password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').waitFor()
}

/** The sixth digit sends it. A code that the lab itself used at its first start is answered with the next. */
export async function giveCode({ page, code }: Seat, done: string | RegExp): Promise<void> {
  for (let tries = 0; ; tries++) {
    await page.getByLabel('Code').fill(await code())
    const inside = page.getByRole('heading', { level: 1, name: done })
    const refused = page.getByRole('alert').filter({ hasText: /used/i })
    await inside.or(refused).first().waitFor()
    if (await inside.isVisible()) return
    if (tries === 2) throw new Error(`the code is refused: ${await refused.textContent()}`)
  }
}

/** Opens `path`, is sent to the door, and comes out where it wanted to go: a page with the heading `heading`. */
export async function enter(
  browser: Browser,
  where: Where,
  name: string,
  path: string,
  heading: string | RegExp,
  how?: BrowserContextOptions,
) {
  const seat = await sit(browser, where, name, how)
  await seat.page.goto(path)
  await givePassword(seat, where, name)
  await giveCode(seat, heading)
  return seat
}

/** Gives a fresh code in the open dialog and confirms; once more when the lab had used that one. */
export async function confirm({ page, code }: Seat, button: string, done: Locator): Promise<void> {
  const dialog = page.getByRole('dialog')
  for (let tries = 0; ; tries++) {
    await dialog.getByLabel('Code').fill(await code())
    await dialog.getByRole('button', { name: button, exact: true }).click()
    const refused = dialog.getByRole('alert').filter({ hasText: /used/i })
    await done.or(refused).first().waitFor()
    if (!(await refused.isVisible())) return
    if (tries === 2) throw new Error('the code is refused')
  }
}

/** Waits until the keyboard is at `wanted`, without moving it there: a dialog takes it a moment after it is seen. */
export const focused = (page: Page, wanted: Locator) => wanted.and(page.locator(':focus')).waitFor()

/** Tab, as often as it takes to reach `wanted`. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the keyboard does not get there')
}

/** What axe-core holds to be serious or critical in the page as it stands, in light and in dark. Empty is good. */
export async function barriers(page: Page): Promise<string[]> {
  // evaluated by the debugger: the page's own policy lets no script in
  await page.evaluate(axe.source)
  // colours on their way from light to dark are no colours to judge
  await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important }' })
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical') found.push(`${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}
