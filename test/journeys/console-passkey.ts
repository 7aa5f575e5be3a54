import type { Page } from 'playwright-core'
import { confirm, type Seat } from './console-driver.ts'
import type { Office } from './console-office.ts'

/** By name: passkeys belong to one, and the tests open the console by numbers otherwise. */
export const byName = ({ claviger }: Pick<Office, 'claviger'>): string => claviger.base.replace('127.0.0.1', 'localhost')

/** An authenticator in the browser that makes sure of its person by itself. */
export async function authenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
}

/** Gives who is signed in here a passkey, as they do it themselves. */
export async function addPasskey(seat: Seat, name = 'Blue key'): Promise<void> {
  const { page } = seat
  await authenticator(page)
  const id = await page.evaluate('fetch("/api/me").then((r) => r.json()).then((me) => me.person.id)')
  await page.goto(`/people/${id}`)
  const passkeys = page.getByRole('region', { name: 'Passkeys' })
  await passkeys.getByRole('button', { name: 'Add a passkey…' }).click()
  await page.getByLabel('What to call it').fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click()
  await confirm(seat, 'Add', passkeys.getByText(name))
}

/** Somebody at a browser of their own, where they have a passkey. */
export async function sitWithPasskey(office: Office, name: string): Promise<Seat> {
  const seat = await office.enter(name, '/', /^Good /, { baseURL: byName(office) })
  await addPasskey(seat)
  return seat
}
