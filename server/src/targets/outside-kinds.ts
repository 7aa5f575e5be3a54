import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { isLoginKind } from '../kernel/credential-kinds.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { secureSocket } from '../platform/tls/index.ts'
import { defineTargetKind, TargetError, type TargetKind } from './contract.ts'

/*
 * Kinds from packages that are not ours, named in CLAVIGER_TARGET_KINDS. Such a package runs in the api process with all that
 * this process may do: it is trusted like the server itself (docs/adding-a-target-kind.md, "From another package").
 */

/** What a kind is made of, handed to a package so that it needs nothing of ours to import. */
const tools = { defineTargetKind, TargetError, z, ok, fail, secureSocket }
export type KindTools = typeof tools

const most = 20
const nameOf = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/

/** Reads CLAVIGER_TARGET_KINDS: names of packages, or absolute paths of their first file. */
export function readOutsideKinds(text: string): Result<string[], string> {
  const given = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  if (given.length > most) return fail(`CLAVIGER_TARGET_KINDS: at most ${most} packages`)
  const wrong = given.find((one) => !isAbsolute(one) && !nameOf.test(one))
  return wrong === undefined ? ok(given) : fail(`CLAVIGER_TARGET_KINDS: "${wrong}" is neither the name of a package nor an absolute path`)
}

/** Loads each package once and checks what it answers. The first that does not fit refuses all, with a sentence for the operator. */
export async function loadOutsideKinds(packages: readonly string[], ours: readonly TargetKind[]): Promise<Result<TargetKind[], string>> {
  const loaded: TargetKind[] = []
  for (const name of packages) {
    const no = (why: string) => fail(`CLAVIGER_TARGET_KINDS: ${name} ${why}`)
    const made = new Set<unknown>()
    let answer: unknown
    try {
      const module = (await import(isAbsolute(name) ? pathToFileURL(name).href : name)) as { default?: unknown }
      if (typeof module.default !== 'function') return no('has no function as its default export')
      const defined: KindTools['defineTargetKind'] = (spec) => {
        const kind = defineTargetKind(spec)
        made.add(kind)
        return kind
      }
      answer = await module.default({ ...tools, defineTargetKind: defined })
    } catch (error) {
      return no(`could not be loaded: ${error instanceof Error ? error.message.split('\n')[0] : 'it threw'}`)
    }
    for (const kind of Array.isArray(answer) ? answer : [answer]) {
      if (!made.has(kind)) return no('answers something that was not made with the defineTargetKind that it was given')
      const why = problemOf(kind as TargetKind, [...ours, ...loaded])
      if (why) return no(why)
      loaded.push(kind as TargetKind)
    }
  }
  return ok(loaded)
}

/** Why this kind is none that we take; undefined when it is. */
function problemOf(kind: TargetKind, others: readonly TargetKind[]): string | undefined {
  const { name } = kind
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,39}$/.test(name))
    return 'has a kind whose name is not of small letters, digits and hyphens'
  if (others.some((other) => other.name === name)) return `has a kind with the name ${name}, which is taken`
  if (kind.wire !== undefined) return `has the kind ${name} with a wire: only kinds of the server itself are reached through a gateway`
  if (!kind.capabilities.includes('verify')) return `has the kind ${name}, which cannot verify a credential`
  if (kind.credentialKinds.length === 0 || kind.credentialKinds.some((one) => !isLoginKind(one)))
    return `has the kind ${name} without a kind of credential that is known here`
  const settings = kind.settings.map((setting) => setting.name)
  if (!settings.includes('host') || !settings.includes('port')) return `has the kind ${name}, whose settings have no host and port`
  const opened = kind.open({ host: '', port: -1, surprise: true }, async () => fail({ code: 'target.unreachable', detail: '' }))
  if (opened.ok || opened.error.code !== 'target.settings_invalid') return `has the kind ${name}, which takes settings that are not its own`
  return undefined
}
