import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cruiseTree, problems } from './house/cruise.mjs'

const home = resolve(import.meta.dirname, '..')
const ruleFile = join(home, 'dependencies.cjs')
const rules: { name: string; to: { path?: string; pathNot?: string } }[] = createRequire(import.meta.url)(ruleFile).forbidden

type Tree = Record<string, string>
const uses = (...targets: string[]) => `${targets.map((target) => `import '${target}'`).join('\n')}\n`
const domains =
  'audit backup controls identity policy recording inventory breakglass vault dependents access rotation onboarding session retention analytics compliance secrets'.split(
    ' ',
  )

/** A house in small, in which everyone uses what they may. */
const sound: Tree = {
  'api/package.json': '{"name":"@claviger/api","type":"module","exports":{".":"./src/index.ts"}}',
  'api/src/index.ts': uses(),
  'server/package.json': '{"name":"@claviger/server","type":"module","exports":{".":"./src/parts.ts"}}',
  'server/src/parts.ts': uses(),
  'server/src/main.ts': uses('./processes/api.ts', './targets/registry.ts'),
  'server/src/processes/api.ts': uses('../domains/access/index.ts', '../keeper/vault.ts', '../../../lab/main.ts'),
  'server/src/kernel/id.ts': uses(),
  'server/src/kernel/id.test.ts': uses('./id.ts', '../platform/log.ts', 'node:crypto'),
  'server/src/platform/log.ts': uses('../kernel/id.ts', '@claviger/api', '../protocols/scram/index.ts', 'node:net', 'kysely', 'fastify'),
  'server/src/platform/crypto/hash.ts': uses('node:crypto'),
  'server/src/platform/ssh/index.ts': uses('ssh2'),
  'server/src/protocols/scram/index.ts': uses('../../kernel/id.ts', 'node:crypto'),
  'server/src/protocols/rfb/index.ts': uses(),
  'server/src/keeper/contract.ts': uses('./facts/tables.ts'),
  'server/src/keeper/facts/tables.ts': uses(),
  'server/src/keeper/vault.ts': uses('../domains/policy/index.ts', '../platform/log.ts', './contract.ts'),
  'server/src/gateways/contract.ts': uses('../targets/contract.ts'),
  'server/src/gateways/ssh/index.ts': uses('../contract.ts', '../../platform/log.ts', 'ssh2', 'node:net'),
  'server/src/targets/contract.ts': `${uses('../kernel/id.ts')}import type { Socket } from 'node:net'\nexport type Dialled = Socket\n`,
  'server/src/targets/registry.ts': uses('./postgres/index.ts'),
  'server/src/targets/postgres/index.ts': uses('../contract.ts', './client.ts', '../../protocols/scram/index.ts'),
  'server/src/targets/postgres/client.ts': uses('pg'),
  'server/src/targets/linux-ssh/index.ts': uses('../contract.ts', '../../platform/ssh/index.ts'),
  'server/src/integrations/contract.ts': uses(),
  'server/src/domains/access/access.store.ts': uses('kysely'),
  'server/src/domains/access/access.routes.ts': uses('fastify', './approve-request.ts', '@claviger/api'),
  'server/src/domains/access/approve-request.ts': uses(
    './rules.ts',
    '../audit/index.ts',
    '../../keeper/contract.ts',
    '../../gateways/contract.ts',
  ),
  'server/src/domains/access/rules.ts': uses('../../kernel/id.ts'),
  ...Object.fromEntries(
    domains.map((name) => [`server/src/domains/${name}/index.ts`, name === 'access' ? uses('./approve-request.ts') : uses()]),
  ),
  'cli/src/main.ts': uses('@claviger/api', './print.ts'),
  'cli/src/print.ts': uses(),
  'console/src/main.tsx': uses('@claviger/api'),
  'lab/main.ts': uses(),
  'test/journeys/first.test.ts': uses('../../server/src/main.ts', '../../lab/main.ts'),
}

/** For each rule, files that break it and nothing else. */
const planted: Record<string, Tree> = {
  'kernel-stands-alone': { 'server/src/kernel/bad.ts': uses('../platform/log.ts') },
  'protocols-know-no-pam': { 'server/src/protocols/scram/bad.ts': uses('../rfb/index.ts') },
  'platform-knows-no-domain': { 'server/src/platform/bad.ts': uses('../domains/audit/index.ts') },
  'a-kind-meets-us-at-the-contract': { 'server/src/targets/postgres/bad.ts': uses('../linux-ssh/index.ts') },
  'an-integration-meets-us-at-the-contract': { 'server/src/integrations/smtp/bad.ts': uses('../../domains/audit/index.ts') },
  'a-gateway-meets-us-at-the-contract': { 'server/src/gateways/ssh/bad.ts': uses('../../domains/session/index.ts') },
  'domains-do-not-name-kinds': { 'server/src/domains/rotation/bad.ts': uses('../../targets/postgres/index.ts') },
  'only-roots-list-kinds': { 'server/src/config.ts': uses('./targets/registry.ts') },
  'enter-a-domain-by-its-index': { 'server/src/domains/session/bad.ts': uses('../access/approve-request.ts') },
  'roots-enter-by-index': { 'server/src/processes/bad.ts': uses('../domains/access/approve-request.ts') },
  'nobody-imports-a-root': { 'server/src/domains/access/bad.ts': uses('../../main.ts') },
  'every-domain-is-declared': { 'server/src/domains/surprise/index.ts': uses('../../kernel/id.ts') },
  'rules-are-pure': { 'server/src/domains/vault/rules.ts': uses('node:fs') },
  'keeper-stands-apart': { 'server/src/keeper/bad.ts': uses('../domains/access/index.ts') },
  'ask-the-keeper-by-its-contract': { 'server/src/domains/vault/bad.ts': uses('../../keeper/vault.ts') },
  'ciphers-in-one-place': { 'server/src/domains/vault/bad.ts': uses('node:crypto') },
  'sockets-at-the-edge': { 'server/src/targets/postgres/bad.ts': uses('node:tls') },
  'sql-lives-in-stores': { 'server/src/domains/access/bad.ts': uses('kysely') },
  'http-lives-in-routes': { 'server/src/domains/access/bad.ts': uses('fastify') },
  'a-kind-has-one-client': { 'server/src/targets/postgres/rotate.ts': uses('pg') },
  'ssh-in-two-places': { 'server/src/domains/session/bad.ts': uses('ssh2') },
  'ldap-in-one-place': { 'server/src/targets/openldap/client.ts': uses('ldapts') },
  'api-stands-alone': { 'api/src/bad.ts': uses('../../server/src/kernel/id.ts') },
  'clients-speak-the-api': { 'cli/src/bad.ts': uses('@claviger/server') },
  'no-test-code-in-the-product': { 'server/src/domains/access/bad.ts': uses('../../../../lab/main.ts') },
  'no-import-into-nowhere': { 'server/src/kernel/bad.ts': uses('./not-there.ts') },
  'no-cycles': { 'server/src/kernel/a.ts': uses('./b.ts'), 'server/src/kernel/b.ts': uses('./a.ts') },
  ...Object.fromEntries(
    domains.map((name) => {
      const rule = `${name}-uses-only-what-it-declares`
      const mayUse = new RegExp(rules.find((one) => one.name === rule)?.to.pathNot ?? '')
      const other = domains.find((one) => !mayUse.test(`server/src/domains/${one}/`))
      return [rule, { [`server/src/domains/${name}/bad.ts`]: uses(`../${other}/index.ts`) }]
    }),
  ),
}

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function plant(tree: Tree): string {
  const root = mkdtempSync(join(tmpdir(), 'claviger-house-'))
  made.push(root)
  for (const [file, text] of Object.entries({ ...sound, ...tree })) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  mkdirSync(join(root, 'node_modules/@claviger'), { recursive: true })
  for (const name of ['pg', 'kysely', 'fastify', 'ssh2', 'ldapts'])
    symlinkSync(join(home, 'node_modules', name), join(root, 'node_modules', name))
  for (const name of ['api', 'server']) symlinkSync(join(root, name), join(root, 'node_modules/@claviger', name))
  return root
}

const firedIn = async (tree: Tree) => [...new Set((await cruiseTree(plant(tree), ruleFile)).violations.map((violation) => violation.rule))]

describe('the rules of the house', () => {
  test('find nothing wrong where everyone uses what they may', async () => {
    expect(problems(await cruiseTree(plant({}), ruleFile))).toEqual([])
  })

  test('each have a violation planted below', () => {
    expect(Object.keys(planted).sort()).toEqual(rules.map((rule) => rule.name).sort())
  })

  test.each(Object.entries(planted))('%s is found out when broken, and no other rule fires', async (rule, tree) => {
    expect(await firedIn(tree)).toEqual([rule])
  })
})

describe('looking at fewer files than there are', () => {
  test('is a problem of its own, also when no rule fires', async () => {
    const root = plant({})
    const blind = join(root, 'blind.cjs')
    writeFileSync(
      blind,
      `const all = require(${JSON.stringify(ruleFile)})\nmodule.exports = { ...all, options: { ...all.options, exclude: { path: 'kernel' } } }\n`,
    )
    const cruised = await cruiseTree(root, blind)
    expect(cruised.violations).toEqual([])
    expect(cruised.unseen).toEqual(['server/src/kernel/id.test.ts', 'server/src/kernel/id.ts'])
    expect(problems(cruised)).toEqual([expect.stringContaining('only 47 of 49 source files were looked at')])
  })

  test('or at none, is a problem too', () => {
    expect(problems({ violations: [], modules: [], sources: [], unseen: [] })).toEqual(['no source file was looked at'])
  })
})
