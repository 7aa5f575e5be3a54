import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identity } from '@claviger/api'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { barriers, patient } from './console-driver.ts'

/** A page of the console, and words that stand on it when it shows what it is for. */
export interface Shown {
  path: string
  shows: string | RegExp
}

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
export const clean = async (page: Page) => expect(await barriers(page)).toEqual([])
/** Every page that is looked at, light, dark and on a phone, where somebody wants to see them: `CLAVIGER_SHOTS=folder`. */
export async function look(page: Page, name: string): Promise<void> {
  await clean(page)
  const folder = process.env.CLAVIGER_SHOTS
  if (!folder) return
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 }
  for (const [suffix, colorScheme, wide] of [
    ['light', 'light', width],
    ['dark', 'dark', width],
    ['phone', 'light', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: wide, height })
    writeFileSync(join(folder, `${name}-${suffix}.png`), await page.screenshot({ fullPage: true }))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width, height })
}

export const content = (page: Page, { shows }: Shown) => page.locator('main').getByText(shows).first()

/** A page that is told of another width, or gets what it shows, takes a moment to put it in order. */
export const noWider = (page: Page, path: string, width: number) =>
  expect
    .poll(() => page.evaluate('document.documentElement.scrollWidth'), { ...patient, message: `${path} on a phone` })
    .toBeLessThanOrEqual(width)

/** Nothing of it is wider than a phone. */
export async function fitsAPhone(page: Page, shown: Shown): Promise<void> {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  await noWider(page, shown.path, 390)
  if (before) await page.setViewportSize(before)
}

const failed = { code: 'http.failed', message: 'The server failed. Its log knows more.', requestId: 'req-journey' }

/**
 * Opens every page while nothing answers it (`cut`) or everything fails (`500`), reads what it says, and lets the server come back:
 * each must show itself, and nobody presses anything. Who looks is known to the console: the page itself is what fails.
 */
export async function outlives(context: BrowserContext, pages: readonly Shown[], how: 'cut' | '500'): Promise<void> {
  const ownQuestions = (url: URL) => url.pathname.startsWith('/api/') && url.pathname !== identity.me.path
  await context.route(ownQuestions, (route) =>
    how === 'cut' ? route.abort('connectionrefused') : route.fulfill({ status: 500, contentType: 'application/json', json: failed }),
  )
  const open = await Promise.all(
    pages.map(async (shown) => {
      const page = await context.newPage()
      await page.goto(shown.path)
      return { page, shown }
    }),
  )
  const says = how === 'cut' ? /Claviger does not answer/ : /The server failed/
  for (const { page, shown } of open) {
    await page.locator('main').getByText(says).first().waitFor()
    expect(await content(page, shown).count(), `${shown.path} while it fails`).toBe(0)
  }
  await context.unroute(ownQuestions)
  for (const { page, shown } of open) {
    await content(page, shown).waitFor()
    await expect.poll(() => page.locator('main').getByText(says).count(), patient).toBe(0)
    await page.close()
  }
}
