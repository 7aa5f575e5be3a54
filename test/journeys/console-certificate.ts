import { Buffer } from 'node:buffer'
import { access, call, inventory } from '@claviger/api'
import { clientAuthority } from '../../server/src/platform/tls/client-authority.fixture.ts'
import { postgresHarness, type RunningPostgresTarget } from '../../server/src/targets/postgres/test/harness.ts'
import { must, type Person, withCode } from '../support/person.ts'
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

/** Starts it, and has an administrator add it: the role is found there, and nothing opens it yet. */
export async function startCertified(carol: Person): Promise<Certified> {
  const server = await postgresHarness.start()
  const clients = clientAuthority('people of the house')
  await server.addAccount(role, server.fresh()())
  await server.letInByCertificate(role, clients.ca)
  const manager = server.manager()
  const secret = await manager.credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())
  const added = await withCode(carol.code, (code) =>
    call(carol.api, inventory.addTarget, {
      body: {
        ...{ name: target, kind: 'postgres', environment: 'lab', tier: 2, code },
        ...{ settings: server.settings as Record<string, string>, identity: server.identity as Record<string, string> },
        login: { account: manager.account, kind: 'password', secret },
      },
    }),
  )
  const { accounts } = must(await call(carol.api, inventory.discoverTarget, { params: { id: added.id } }))
  const account = accounts.find((one) => one.name === role)?.id ?? ''
  return { server, account, at: `${role}@${target}`, certify: clients.certify }
}

/** An administrator gives it to the console as a file; the page of the account says until when it is good. */
export async function bringCertificate({ page, code }: Seat, { account, at, certify }: Certified): Promise<void> {
  await page.goto(`/accounts/${account}`)
  await heading(page, at).waitFor()
  await page.getByRole('button', { name: 'Bring in a certificate…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Bring in a certificate' })
  await look(page, 'certificate-form')
  const file = { name: `${role}.pem`, mimeType: 'application/x-pem-file', buffer: Buffer.from(certify(role)) }
  await dialog.locator('input[type=file]').setInputFiles(file)
  await dialog.getByText(file.name).waitFor()
  await dialog.getByLabel('Code').fill(await code())
  await dialog.getByRole('button', { name: 'Seal it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(/with certificate v1, good until/).waitFor()
  await page.getByText('Sessions log in with a certificate from the vault.').waitFor()
  await look(page, 'certificate-brought')
}

/** In the lab's environment nobody has to approve tier 2. */
export const mayUse = async (asker: Person, { at }: Certified): Promise<access.AccessRequest> =>
  await until('the account to be used', async () => {
    const filed = await call(asker.api, access.fileRequest, { body: { account: at, duration: '30m', reason: 'a journey' } })
    return filed.ok && filed.value.grant ? filed.value : undefined
  })
