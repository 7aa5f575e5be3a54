import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodes, exitWords } from '../../cli/src/kit/exit.ts'
import { readConfig } from '../../server/src/config.ts'
import { operations } from '../../server/src/keeper/contract.ts'
import { factColumns, factKinds } from '../../server/src/keeper/facts/tables.ts'
import { sealActs } from '../../server/src/keeper/seal/seal-acts.ts'
import { backupActs } from '../../server/src/keeper/state/backup-acts.ts'
import { activationActs } from '../../server/src/keeper/vault/activation-acts.ts'
import { sshActs } from '../../server/src/keeper/vault/ssh-acts.ts'
import { codes, readPage, root, tableOf } from './page.ts'

const formats = readPage('docs/formats.md')

/** The server's sources, comments taken out: what they only talk about is not done there. */
const sources = readdirSync(join(root, 'server/src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /(?<!\.test|\.fixture)\.ts$/.test(path) && !path.includes('/test/'))
  .map((path) => readPage(join('server/src', path)).replaceAll(/\/\*[\s\S]*?\*\//g, ''))

const sorted = (lines: Iterable<string>) => [...new Set(lines)].sort()

/** `act (shown: a b) (personal: c)` of each `auditEvent(…)` in the code. */
function declaredActs(): string[] {
  const declarations = sources.flatMap((text) => [...text.matchAll(/auditEvent\('([a-z_.]+)', \{([^}]*)\}\)/g)])
  return declarations.map(([, act, body = '']) => {
    const marks = [...body.matchAll(/(\w+): '(shown|personal)'/g)]
    const marked = (mark: string) => marks.filter(([, , m]) => m === mark).map(([, field]) => field)
    return describeAct(act ?? '', marked('shown') as string[], marked('personal') as string[])
  })
}
const describeAct = (act: string, shown: string[], personal: string[]) =>
  `${act} (shown: ${shown.join(' ')}) (personal: ${personal.join(' ')})`

/** The keeper declares no events: it writes these by itself. */
const keepersOwn = [
  ...['alarm.forged_row', 'alarm.ledger', 'alarm.keeper', 'alarm.policy'].map((act) => describeAct(act, ['kind', 'subject', 'why'], [])),
  ...Object.entries({ ...sealActs, ...backupActs, ...sshActs, ...activationActs }).map(([act, { shown, personal }]) =>
    describeAct(act, [...shown], [...personal]),
  ),
]

describe('docs/formats.md', () => {
  test('has every act that the code declares, with its fields and their marks, and no other', () => {
    const inDocs = tableOf(formats, 'acts').map(([act, , shown, personal]) =>
      describeAct(codes(act)[0] ?? '', codes(shown), codes(personal)),
    )
    expect(declaredActs().length).toBeGreaterThan(40)
    expect(sorted(inDocs)).toEqual(sorted([...declaredActs(), ...keepersOwn]))
  })

  test('has the alarms that the keeper writes by itself', () => {
    const named = sources.flatMap((text) => [...text.matchAll(/['`](alarm\.[a-z_]+)['`]/g)].map(([, act]) => act ?? ''))
    const inDocs = tableOf(formats, 'acts').flatMap(([act]) => codes(act).filter((a) => a.startsWith('alarm.')))
    // the last two are made of a word
    expect(sorted(inDocs)).toEqual(sorted([...named, 'alarm.keeper', 'alarm.policy']))
  })

  test('has every refusal that an act inside the database can leave, and no other', () => {
    const named = sources.flatMap((text) => [...text.matchAll(/\bact: '([a-z_.]+)'/g)].map(([, act]) => act ?? ''))
    const inDocs = tableOf(formats, 'refused').flatMap(([act]) => codes(act))
    expect(sorted(inDocs)).toEqual(sorted(named))
  })

  test('has the columns of each fact', () => {
    const inDocs = tableOf(formats, 'facts').map(([kind, columns]) => [codes(kind)[0], codes(columns)])
    expect(Object.fromEntries(inDocs)).toEqual(factColumns)
  })

  test('has every operation of the keeper with the roles that may ask for it', () => {
    const inDocs = tableOf(formats, 'operations').map(([name, roles]) => [codes(name)[0], roles?.split(', ')])
    expect(inDocs).toEqual(Object.entries(operations).map(([name, { allowed }]) => [name, [...allowed]]))
  })
})

test('docs/architecture.md says for every kind of row who has it attested, and where the rule stands', () => {
  const rows = tableOf(readPage('docs/architecture.md'), 'authority')
  expect(sorted(rows.flatMap(([kind]) => codes(kind)))).toEqual(sorted(factKinds))
})

test('docs/operating.md has every setting of the server with its default, and no other', () => {
  const source = ['config', 'hsm-settings', 'kms-settings', 'bucket-settings', 'outage-settings']
    .map((name) => readPage(`server/src/${name}.ts`))
    .join('')
  const settings = tableOf(readPage('docs/operating.md'), 'settings').map(([name, value]) => ({
    name: codes(name)[0] ?? '',
    value: codes(value)[0],
  }))
  expect(sorted(settings.map(({ name }) => name))).toEqual(
    sorted([...source.matchAll(/(?:CLAVIGER|DATABASE)_[A-Z0-9_]+(?=:)/g)].map(([name]) => name)),
  )

  const config = readConfig({}, { lab: false, root: '/nowhere' })
  if (!config.ok) throw new Error(config.error)
  const { http, ssh, postgres, mysql, labPorts, logLevel } = config.value
  const defaults = {
    CLAVIGER_HTTP_PORT: http.port,
    CLAVIGER_SSH_PORT: ssh.port,
    CLAVIGER_POSTGRES_PORT: postgres.port,
    CLAVIGER_MYSQL_PORT: mysql.port,
    CLAVIGER_LAB_DB_PORT: labPorts.database,
    CLAVIGER_LAB_SSH_PORT: labPorts.ssh,
    CLAVIGER_LOG_LEVEL: logLevel,
  }
  for (const [name, value] of Object.entries(defaults)) expect(settings).toContainEqual({ name, value: String(value) })
})

test('docs/cli.md has every exit code with its words', () => {
  const rows = tableOf(readPage('docs/cli.md'), 'exits')
  const codesOfCli = Object.entries(exitCodes) as [keyof typeof exitCodes, number][]
  expect(rows).toEqual(codesOfCli.map(([name, code]) => [String(code), exitWords[name]]))
})

test('docs/signing-in.md has every way of signing in that is tested, and no other', () => {
  const folder = 'server/src/gateways/sign-ins'
  const rows = tableOf(readPage('docs/signing-in.md'), 'sign-ins')
  expect(sorted(rows.map(([, , , file]) => codes(file)[0] ?? ''))).toEqual(
    sorted(readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)),
  )
  // what a row says of clients stands at the head of its file too
  for (const [, , clients = '', file] of rows) {
    const text = readPage(codes(file)[0] ?? '')
    const names = clients.split(',').map((one) => one.replaceAll('`', '').trim())
    expect(names.filter((name) => !new RegExp(`^// .* · .*\\b${name}\\b`, 'm').test(text))).toEqual([])
  }
})
