import * as api from '@claviger/api'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { actors, groupOf, rows } from '../../../test/authorisation/table.ts'
import { type Document, faultsIn } from '../../../test/support/openapi-lint.ts'
import { openHttp } from '../platform/http/server.ts'
import { openLog } from '../platform/log/log.ts'
import { ceremonyRoutes } from '../processes/ceremony.routes.ts'
import { sealRoutes } from '../processes/seal.routes.ts'
import { accessRoutes } from './access/index.ts'
import { auditRoutes } from './audit/index.ts'
import { backupRoutes } from './backup/index.ts'
import { breakglassRoutes } from './breakglass/index.ts'
import { controlRoutes } from './controls/index.ts'
import { dependentRoutes } from './dependents/index.ts'
import { identityRoutes } from './identity/index.ts'
import { inventoryRoutes } from './inventory/index.ts'
import { onboardingRoutes } from './onboarding/index.ts'
import { retentionRoutes } from './retention/index.ts'
import { rotationRoutes } from './rotation/index.ts'
import { askRoutes, linkRoutes, liveRoutes, renewRoutes, searchRoutes, sessionRoutes, unprovenRoutes, webRoutes } from './session/index.ts'
import { vaultRoutes } from './vault/index.ts'

const isRoute = (value: unknown): value is api.Route => typeof value === 'object' && value !== null && 'method' in value && 'path' in value
// a contract that is exported and that no handler answers shows here by itself
const contract = Object.values(api).flatMap((group) => (typeof group === 'object' ? Object.values(group).filter(isRoute) : []))

// what a handler needs comes with each request; to list them nothing is needed
const nothing = {} as never
const handlers = [
  identityRoutes,
  inventoryRoutes,
  rotationRoutes,
  dependentRoutes,
  onboardingRoutes,
  vaultRoutes,
  accessRoutes,
  sessionRoutes,
  liveRoutes,
  askRoutes,
  linkRoutes,
  searchRoutes,
  unprovenRoutes,
  retentionRoutes,
  webRoutes,
  renewRoutes,
  auditRoutes,
  backupRoutes,
  breakglassRoutes,
  controlRoutes,
  sealRoutes,
  ceremonyRoutes,
].flatMap((routes) => routes(nothing))

test('every operation of the contract is done by exactly one handler', () => {
  expect(handlers.map((h) => h.route.id).sort()).toEqual(contract.map((r) => r.id).sort())
  expect(new Set(contract.map((r) => `${r.method} ${r.path}`)).size).toBe(contract.length)
})

describe('docs/authorisation.md', () => {
  test('has a row for every operation, and none for what there is not', () => {
    expect([...new Set(rows.map((r) => r.operation))].sort()).toEqual(contract.map((r) => r.id).sort())
  })

  /** What stands in front of every operation; finer rules are shown by test/journeys/authorisation.test.ts, with a server. */
  test.each(contract)('says of $id what the contract says', ({ id, who, setup }) => {
    const own = rows.filter((r) => r.operation === id)
    for (const { expected } of own)
      for (const actor of actors) {
        const group = groupOf[actor as keyof typeof groupOf]
        const letIn = who === 'anyone' || (actor !== 'nobody' && actor !== 'signed out' && (who === 'person' || who.includes(group)))
        if (!letIn) expect([actor, expected[actor]]).toEqual([actor, actor === 'nobody' || actor === 'signed out' ? '401' : '403'])
        else expect([actor, expected[actor]]).not.toEqual([actor, '401'])
        if (letIn && who !== 'person' && who !== 'anyone') expect([actor, expected[actor]]).not.toEqual([actor, '403'])
      }
    expect(own.some((r) => r.note.includes('in the first run the setup token'))).toBe(setup === true)
  })
})

test('what needs nobody signed in is only this', () => {
  const open = contract.filter((r) => r.who === 'anyone').map((r) => r.id)
  expect(open.sort()).toMatchSnapshot()
})

test('the contract as a whole is valid OpenAPI 3.1, with all that a reader needs and a bound for each input', async () => {
  const http = await openHttp({
    ...{ host: '127.0.0.1', port: 0, console: '/nowhere', log: openLog('test', 'silent'), handlers },
    authenticate: async () => undefined,
    isSetupToken: async () => false,
    ready: async () => ({ ok: true, checks: {} }),
    metrics: async () => '',
  })
  try {
    const document = (await (await fetch(`http://127.0.0.1:${http.port}/api/openapi.json`)).json()) as object
    expect(await new Validator().validate(document as never)).toMatchObject({ valid: true })
    expect(faultsIn(document as Document)).toEqual([])
    expect(faultsIn({ ...(document as Document), tags: [] }).length).toBe(contract.length)
    // every operation that is not open to anyone refuses who is nobody, before it looks at what was sent
    for (const { route } of handlers.filter((h) => h.route.who !== 'anyone')) {
      const path = route.path.replaceAll(/:[a-z]+/gi, 'x')
      const answer = await fetch(`http://127.0.0.1:${http.port}${path}`, { method: route.method })
      expect([route.id, answer.status]).toEqual([route.id, 401])
    }
  } finally {
    await http.close()
  }
})
