import { access, identity } from '@claviger/api'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../../../../test/journeys/console-driver.ts'
import { ok } from '../../kernel/result.ts'
import { openLog } from '../log/log.ts'
import { on } from './handler.ts'
import { openHttp } from './server.ts'

let http: Awaited<ReturnType<typeof openHttp>>
let browser: Browser
let base: string
beforeAll(async () => {
  const handlers = [
    on(identity.setupStatus, async () => ok({ open: false })),
    on(identity.signOut, async () => ok({ ok: true as const })),
    on(access.requests, async () => ok({ requests: [] })),
  ]
  http = await openHttp({
    ...{ host: '127.0.0.1', port: 0, console: '/nowhere', log: openLog('test', 'silent'), handlers },
    authenticate: async () => undefined,
    isSetupToken: async () => false,
    ready: async () => ({ ok: true, checks: {} }),
    metrics: async () => '',
  })
  base = `http://localhost:${http.port}`
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await http?.close()
})

/** The page in a fresh browser; every address it asks for, and all that the browser complains of. */
async function open(colorScheme: 'light' | 'dark') {
  const context = await browser.newContext({ colorScheme })
  const page = await context.newPage()
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(`${base}/api/docs`)
  await page.getByText('/api/requests', { exact: true }).first().waitFor()
  return { page, asked, complaints, close: () => context.close() }
}

describe('/api/docs', () => {
  test('shows every operation, asks no other host, and breaks no rule of our content policy', async () => {
    const { page, asked, complaints, close } = await open('light')
    for (const id of ['setupStatus', 'signOut', 'requests']) expect(await page.getByText(id, { exact: true }).count()).toBeGreaterThan(0)
    await page.getByText('/api/setup', { exact: true }).first().click()
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByRole('button', { name: 'Execute' }).click()
    await page.locator('.live-responses-table').getByText('"open": false').waitFor()
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.filter((url) => !url.startsWith(`${base}/`) && !url.startsWith('data:'))).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  test('loads no other document than ours, whatever its address says', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`${base}/api/docs?url=http://127.0.0.1:9/evil.json&configUrl=http://127.0.0.1:9/evil.json`)
    await page.getByText('/api/requests', { exact: true }).first().waitFor()
    expect(asked.filter((url) => new URL(url).port === '9')).toEqual([])
    await context.close()
  })

  test('is dark where the system is', async () => {
    const background = async (scheme: 'light' | 'dark') => {
      const { page, close } = await open(scheme)
      const colour = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      if (process.env.DOCS_PICTURES) await page.screenshot({ path: `${process.env.DOCS_PICTURES}/docs-${scheme}.png` })
      await close()
      return colour
    }
    expect(await background('dark')).toBe('rgb(27, 30, 35)')
    expect(await background('light')).not.toBe('rgb(27, 30, 35)')
  })

  test('tells who asks for what there is not where to look', async () => {
    const answer = await fetch(`${base}/api/nothing`)
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([404, expect.stringContaining('/api/docs')])
  })
})
