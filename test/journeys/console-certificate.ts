import { Buffer } from 'node:buffer'
import { access, call, inventory } from '@claviger/api'
import { expect } from 'vitest'
import { clientAuthority } from '../../server/src/platform/tls/client-authority.fixture.ts'
import { postgresHarness, type RunningPostgresTarget } from '../../server/src/targets/postgres/test/harness.ts'
import { must, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'
import { heading, look } from './console-checks.ts'
import type { Seat } from './console-driver.ts'

/** A PostgreSQL that lets one of its roles in by certificate alone, and who certifies for it. */
export interface Certified {
  server: RunningPostgresTarget
  account: string
  /** `account@target` */
  at: string
  /** Certificate and key, in PEM, for a role's name. */
  certify(role: string): string
}

const role = 'ledger_admin'
const target = 'ledger-db'

/** Starts it, and has an administrator add it at their browser: the role is found there, and nothing opens it yet. */
export async function startCertified(seat: Seat, carol: Person): Promise<Certified> {
  const server = await postgresHarness.start()
  const clients = clientAuthority('people of the house')
  await server.addAccount(role, server.fresh()())
  await server.letInByCertificate(role, clients.ca)
  const id = await addWithPasskey(seat, server)
  const { accounts } = must(await call(carol.api, inventory.discoverTarget, { params: { id } }))
  const account = accounts.find((one) => one.name === role)?.id ?? ''
  return { server, account, at: `${role}@${target}`, certify: clients.certify }
}

/** By a passkey's yes and no code: what it was asked for is looked at again when it comes, at the server too. */
async function addWithPasskey({ page }: Seat, server: RunningPostgresTarget): Promise<string> {
  const { account, credential } = server.manager()
  await page.goto('/targets/new')
  await heading(page, 'Add a target').waitFor()
  await page.getByLabel('Kind', { exact: true }).selectOption('postgres')
  await page.getByLabel('Environment').selectOption('lab')
  await page.getByLabel('Tier', { exact: true }).selectOption('2')
  await page.getByLabel('Name', { exact: true }).fill(target)
  const settings = server.settings as Record<string, string>
  await page.getByLabel('Host').fill(`${settings.host}`)
  await page.getByLabel('Port').fill(`${settings.port}`)
  await page.getByLabel('CA (optional)').fill(`${settings.ca}`)
  await page.getByRole('button', { name: 'Ask it who it is' }).click()
  await page.getByLabel('I compared this').check()
  await page.getByLabel('Account', { exact: true }).fill(account)
  const yes = page.getByRole('button', { name: 'Use a passkey: Add target' })
  expect(await yes.isDisabled()).toBe(true)
  const password = await credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())
  await page.getByLabel('Password on the target').fill(password)
  await page.getByText('Give a fresh code, or use a passkey.').waitFor()
  await look(page, 'target-by-passkey')
  await yes.click()
  await heading(page, target).waitFor()
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** An administrator gives it to the console as a file, with a passkey; the page of the account says until when it is good, and offers nothing that it cannot do. */
export async function bringCertificate({ page }: Seat, { account, at, certify }: Certified): Promise<void> {
  const ours = page.getByRole('button', { name: /^(Take over|Rotate now|Reset)…$/ })
  await page.goto(`/accounts/${account}`)
  await heading(page, at).waitFor()
  await page.getByRole('button', { name: 'Bring in a certificate…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Bring in a certificate' })
  await look(page, 'certificate-form')
  const file = { name: `${role}.pem`, mimeType: 'application/x-pem-file', buffer: Buffer.from(certify(role)) }
  await dialog.locator('input[type=file]').setInputFiles(file)
  await dialog.getByText(file.name).waitFor()
  expect(await ours.count()).toBe(0)
  await dialog.getByRole('button', { name: 'Use a passkey: Seal it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(/with certificate v1, good until/).waitFor()
  await page.getByText('Sessions log in with a certificate from the vault.').waitFor()
  await page.getByRole('button', { name: 'Hold…' }).waitFor()
  expect(await ours.count()).toBe(0)
  await look(page, 'certificate-brought')
}

/** In the lab's environment nobody has to approve tier 2. */
export const mayUse = async (asker: Person, { at }: Certified): Promise<access.AccessRequest> =>
  await until('the account to be used', async () => {
    const filed = await call(asker.api, access.fileRequest, { body: { account: at, duration: '30m', reason: 'a journey' } })
    return filed.ok && filed.value.grant ? filed.value : undefined
  })
