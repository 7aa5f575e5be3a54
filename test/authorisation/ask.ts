import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from '../support/person.ts'
import { type Cell, recipes, type Send } from './recipes.ts'
import type { Actor, Expected, Row } from './table.ts'
import type { World } from './world.ts'

/** One operation of the live OpenAPI document. */
export interface Operation {
  id: string
  method: string
  /** With `{name}` parameters. */
  path: string
  parameters: readonly { name: string; in: string; schema?: { pattern?: string } }[]
  hasBody: boolean
}

export function operationsOf(document: unknown): Operation[] {
  const { paths } = document as { paths: Record<string, Record<string, Record<string, unknown>>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ path, method: method.toUpperCase(), id: String(operation.operationId) },
      parameters: (operation.parameters ?? []) as Operation['parameters'],
      hasBody: operation.requestBody !== undefined,
    })),
  )
}

/** An id of the right form that names nothing: `^req_[a-z0-9]{10}$` → `req_zzzzzzzzzz`. */
const nothing = (pattern = '') => pattern.replace(/^\^/, '').replace(/\[.*$/, 'zzzzzzzzzz')

interface Answer {
  status: number
  text: string
  code: string | undefined
}

export type Proof = 'bearer' | 'cookie'

async function send(base: string, operation: Operation, given: Send, token: string | undefined, proof: Proof): Promise<Answer> {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((p) => p.name === name && p.in === 'path')
    return given.params?.[name] ?? nothing(parameter?.schema?.pattern)
  })
  const who: Record<string, string> =
    token === undefined ? {} : proof === 'bearer' ? { authorization: `Bearer ${token}` } : { cookie: `claviger=${token}` }
  for (let tries = 0; ; tries++) {
    const response = await fetch(`${base}${path}${given.query === undefined ? '' : `?${given.query}`}`, {
      method: operation.method,
      headers: { 'x-claviger': '1', ...who, ...(operation.hasBody && { 'content-type': 'application/json' }) },
      ...(operation.hasBody && { body: JSON.stringify(given.body ?? {}) }),
      signal: AbortSignal.timeout(60_000),
    })
    const text = await response.text()
    // a server that is busy says so: that is no answer to who may
    if (response.status !== 503 || tries === 5) return { status: response.status, text, code: codeOf(text) }
    await sleep(500)
  }
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string }).code
  } catch {
    return undefined
  }
}

/** What a cell of the table comes to when it is asked for real, in the table's own words; anything else in words of its own. */
export async function ask(world: World, operation: Operation, row: Row, actor: Actor, proof: Proof = 'bearer'): Promise<string> {
  const person = actor === 'nobody' || actor === 'signed out' ? undefined : world.people[actor]
  const cell = cellOf(world, row, actor, person)
  const recipe = recipes[operation.id]
  if (!recipe && row.whose !== '') throw new Error(`${operation.id} has an owner: say in test/authorisation/recipes.ts how it is asked`)
  const given = recipe ? await recipe(cell) : {}
  const token = person?.token ?? (actor === 'signed out' ? world.ended : undefined)
  const answer = await send(world.claviger.base, operation, given, token, proof)
  const { status } = answer
  const said = `${status} ${answer.code ?? answer.text.slice(0, 60)}`
  if (given.finds !== undefined && status === 200) return answer.text.includes(given.finds) ? 'yes' : 'hidden'
  if (given.yes ? status === given.yes[0] && (given.yes[1] ?? answer.code) === answer.code : status === 200) return 'yes'
  if (status === 401 || status === 403) return `${status}` satisfies string as Expected
  if (status === 404 && recipe) return await hides(world, operation, given, answer, token, proof)
  // nothing was said of how it is asked: it is past whoever asks, and says what is wrong with what was sent
  return !recipe && [400, 404, 409, 422].includes(status) ? 'yes' : said
}

/** Not there for this person: then it is answered word by word like what is not there at all. */
async function hides(world: World, operation: Operation, given: Send, answer: Answer, token: string | undefined, proof: Proof) {
  const body = given.body && { ...given.body, ...('account' in given.body && { account: 'nobody@nowhere' }) }
  const other = await send(
    world.claviger.base,
    operation,
    { ...(body && { body }), ...(given.nowhere && { params: given.nowhere }) },
    token,
    proof,
  )
  const bare = (text: string) => text.replaceAll(/[a-z]{3}_[a-z0-9]{10}|\S+@\S+/g, '…')
  return other.status === 404 && bare(other.text) === bare(answer.text) ? 'hidden' : `404, but not as if it did not exist: ${answer.code}`
}

function cellOf(world: World, row: Row, actor: Actor, person: Person | undefined): Cell {
  const { engineer, administrator } = world.people
  const owner = row.whose === 'own' && person ? person : person === engineer ? administrator : engineer
  const things = world.things.get(owner)
  if (!things) throw new Error(`${owner.name} has nothing`)
  return { world, actor, person, whose: row.whose, things, owner }
}
