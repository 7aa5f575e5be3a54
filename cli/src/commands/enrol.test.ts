import { identity } from '@claviger/api'
import { expect, test } from 'vitest'
import { makeMachine } from '../../test/captured-io.ts'
import { alice } from '../../test/samples.ts'
import { type Answers, routesOf, standIn } from '../../test/stand-in.ts'

const totp = { uri: 'otpauth://totp/Claviger:alice?secret=JBSWY3DPEHPK3PXP', secret: 'JBSWY3DPEHPK3PXP' }
const answers: Answers = {
  enrol: () => ({ person: alice, totp }),
  setupAdministrator: () => ({ person: alice, totp }),
  enrolConfirm: () => ({ person: alice }),
  setupFinish: () => ({ ok: true }),
}
const given = ['--token-file', '-', '--password-file', '-', '--code-file', '-']
const input = 'https://pam.example.com/enrol#token=one-time-0123456789\nnew pass word 1\n123 456\n'

test('a link from somebody who invited becomes password and authenticator', async () => {
  await using server = await standIn(routesOf(identity), answers)
  using machine = makeMachine({ CLAVIGER_SERVER: server.url })
  const { code, out, err } = await machine.run(['enrol', ...given], { input })
  expect({ code, err }).toMatchObject({ code: 0 })
  expect(out).toContain(totp.secret)
  expect(out + err).not.toContain('one-time-0123456789')
  expect(server.heard.map(({ route, body }) => [route, body])).toEqual([
    ['enrol', { token: 'one-time-0123456789', password: 'new pass word 1' }],
    ['enrolConfirm', { token: 'one-time-0123456789', code: '123456' }],
  ])
})

test('the link of a new server makes its first administrator and closes the first run', async () => {
  await using server = await standIn(routesOf(identity), answers)
  using machine = makeMachine({ CLAVIGER_SERVER: server.url })
  const args = ['enrol', '--first-administrator', 'alice', '--display-name', 'Alice Moreau', ...given]
  expect(await machine.run(args, { input })).toMatchObject({ code: 0 })
  expect(server.heard.map(({ route }) => route)).toEqual(['setupAdministrator', 'enrolConfirm', 'setupFinish'])
})
