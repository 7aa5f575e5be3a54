import { describe, expect, test } from 'vitest'
import { createPolicyEngine, describePolicy, type SessionAct } from './index.ts'
import { defaultPolicies, engineOf, question } from './test/questions.ts'

const forward: SessionAct = { action: 'forward', direction: 'local', host: '10.1.2.3', port: 5432 }
const run = (command: string, plain = true): SessionAct => ({ action: 'run', command, program: command.split(' ')[0] ?? '', plain })
const asked = (act: SessionAct, over: Parameters<typeof question>[0] = {}) => {
  const { principal, resource } = question(over)
  return { principal, resource, hasItsmTicket: false, act }
}
const policies = (...texts: string[]) => texts.map((text, n) => ({ id: `pol_${n}`, name: `policy-${n}`, text }))
const engine = (...texts: string[]) => engineOf([...defaultPolicies(), ...policies(...texts)])

const onlySystemctl = `@floor("Only systemctl is run here without a terminal. Ask for a shell.")
forbid (principal, action == Action::"run", resource in Tier::"2")
unless { context.plain && context.program == "systemctl" };`

describe('an act in a session', () => {
  test('passes where nothing is said about it', () => {
    expect(engine().decideAct(asked(run('ls /')))).toEqual({ allowed: true, consequence: 'allow', because: [] })
  })

  test.each([
    ['what the list names', run('systemctl restart nginx'), true],
    ['another program', run('bash'), false],
    ['what a shell would take apart', run('systemctl; bash', false), false],
  ])('an allow-list decides about %s', (_what, act, allowed) => {
    expect(engine(onlySystemctl).decideAct(asked(act))).toMatchObject({ allowed })
  })

  test('of several permits the strictest counts', () => {
    const permit = (act: string) => `@act("${act}") permit (principal, action == Action::"query", resource);`
    const drop: SessionAct = { action: 'query', verbs: ['drop table'], tables: ['t'], database: 'orders', understood: true }
    expect(engine(permit('alert'), permit('ask'), permit('allow')).decideAct(asked(drop))).toMatchObject({ consequence: 'ask' })
    expect(engine(permit('alert')).decideAct(asked(drop))).toMatchObject({ consequence: 'alert' })
  })

  test('a floor about every action is about acts as well', () => {
    expect(engine().decideAct(asked(run('ls'), { groups: ['engineers', 'auditors'] }))).toMatchObject({
      allowed: false,
      because: ['floor-auditors'],
    })
  })

  test('policies that cannot be evaluated refuse, and say so to the alarm alone', () => {
    const broken = `@act("allow") permit (principal, action == Action::"transfer", resource) when { context.bytes * context.bytes > 0 };`
    const huge: SessionAct = { action: 'transfer', op: 'get', direction: 'down', path: '/x', bytes: 2 ** 40 }
    expect(engine(broken).decideAct(asked(huge))).toMatchObject({ allowed: false, detail: expect.stringContaining('overflow') })
  })
})

test('whether an answer rests on what is done is told by the attributes that policies name', () => {
  const has = `@act("ask") permit (principal, action == Action::"query", resource) when { context["tables"].contains("salaries") };`
  expect(engine().restsOnAct('run')).toBe(false)
  expect(engine(onlySystemctl).restsOnAct('run')).toBe(true)
  expect(engine(has).restsOnAct('query')).toBe(true)
  expect(engine(has).restsOnAct('transfer')).toBe(false)
})

describe('the size from which the answer about a transfer may be another one', () => {
  const floor = (when: string) =>
    `@floor("No more than that, ask an administrator.") forbid (principal, action == Action::"transfer", resource) when { ${when} };`
  const larger = floor('context.bytes > 1000 || context.bytes == 5')

  test.each([
    [0, 5],
    [5, 6],
    [6, 1000],
    [999, 1000],
    [1000, 1001],
    [1001, null],
  ])('behind %d bytes is %s', (bytes, next) => {
    expect(engine(larger).nextSize(bytes)).toBe(next)
  })

  test('is the next one wherever a policy reckons with it', () => {
    expect(engine(floor('context.bytes * 2 > 1000')).nextSize(7)).toBe(8)
    expect(engine(floor('1000 < context["bytes"]')).nextSize(7)).toBe(1000)
    expect(engine(floor('context.bytes > context.seconds')).nextSize(7)).toBe(8)
    expect(engine(floor('context has bytes && context.path == "/x"')).nextSize(7)).toBe(8)
  })

  test('is none where none says anything of it', () => {
    expect(engine(onlySystemctl).nextSize(7)).toBeNull()
  })
})

describe('forwarding', () => {
  // biome-ignore format: a table is read by its columns
  test.each([
    [2, 'lab',         forward,                            true],
    [3, 'development', forward,                            true],
    [2, 'production',  forward,                            false],
    [1, 'lab',         forward,                            false],
    [2, 'lab',         { ...forward, direction: 'remote' }, false],
  ] as const)('on tier %i in %s is decided by a permit of its own', (tier, environment, act, allowed) => {
    expect(engine().decideAct(asked(act, { tier, environment }))).toMatchObject({ allowed })
  })

  test('is refused with what to do where no policy speaks of it', () => {
    expect(engineOf([]).decideAct(asked(forward))).toMatchObject({
      allowed: false,
      message: expect.stringMatching(/10\.1\.2\.3:5432.*ask/),
    })
  })

  test('a permit to connect permits no forwarding, not even one that names no action', () => {
    const all = `@approvals("0") @max("8h") @ticket("none") @mfa("session") @reveal("never") permit (principal, action, resource);`
    expect(engineOf(policies(all)).decideAct(asked(forward))).toMatchObject({ allowed: false })
  })
})

describe('a file of the person’s machine, in a session of statements', () => {
  const file: SessionAct = { action: 'transfer', op: 'put', direction: 'up', path: '/srv/in/people.csv', bytes: 0 }
  const put = (when: string, act = 'allow') =>
    `@act("${act}") permit (principal, action == Action::"transfer", resource in Tier::"2") when { context.op == "put" && ${when} };`
  const decide = (act: SessionAct, ...texts: string[]) => engine(...texts).decideAct({ ...asked(act), statements: true })

  test('needs a permit, and is refused with what would be one', () => {
    expect(decide(file)).toMatchObject({ allowed: false, message: expect.stringMatching(/permit for transfer.*ask/) })
    expect(engine().decideAct(asked(file))).toMatchObject({ allowed: true })
    expect(decide(run('ls /'))).toMatchObject({ allowed: true })
  })

  test('passes by a permit that fits it, with what that says becomes of it', () => {
    const below = put('context.path like "/srv/in/*" && context.bytes < 1000', 'alert')
    expect(decide(file, below)).toMatchObject({ allowed: true, consequence: 'alert' })
    expect(decide({ ...file, path: '/etc/passwd' }, below)).toMatchObject({ allowed: false })
    expect(decide({ ...file, bytes: 1000 }, below)).toMatchObject({ allowed: false })
    expect(decide(file, put('true'), put('true', 'ask'))).toMatchObject({ consequence: 'ask' })
  })

  test('does not pass by a permit for something else, nor past a floor', () => {
    const floor = `@floor("Nothing is sent there, ask an administrator.") forbid (principal, action == Action::"transfer", resource);`
    const query = `@act("allow") permit (principal, action == Action::"query", resource);`
    expect(decide(file, query)).toMatchObject({ allowed: false })
    expect(decide(file, put('true'), floor)).toMatchObject({ allowed: false, message: expect.stringContaining('Nothing is sent') })
  })
})

test.each([
  [
    'names a way in as well',
    `@act("ask") permit (principal, action in [Action::"run", Action::"connect"], resource);`,
    'policy.mixed_actions',
  ],
  [
    'says what a grant would have to collect',
    `@approvals("1") permit (principal, action == Action::"run", resource);`,
    'policy.annotation_unknown',
  ],
  ['says nothing', `permit (principal, action == Action::"run", resource);`, 'policy.annotation_missing'],
  ['says what nobody knows', `@act("log") permit (principal, action == Action::"run", resource);`, 'policy.annotation_bad'],
])('a permit for an act that %s is not loaded', (_what, text, code) => {
  expect(createPolicyEngine(policies(text))).toMatchObject({ ok: false, error: { code } })
})

test.each([
  ['@act("ask") @wait("10m")', 'ask', 600],
  ['@act("ask")', 'ask', 300],
  ['@act("alert")', 'alert', null],
])('a permit with %s says in a list what becomes of an act, and for how long it is held', (annotations, act, waitSeconds) => {
  const text = `// Restarts are seen by two.\n${annotations} permit (principal, action == Action::"run", resource);`
  expect(describePolicy(text)).toMatchObject({ effect: 'permit', title: 'Restarts are seen by two.', demands: null, act, waitSeconds })
})
