import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Command } from 'commander'
import type { Route } from '../../api/src/index.ts'
import * as api from '../../api/src/index.ts'
import { makeProgram } from '../../cli/src/program.ts'
import { root } from './page.ts'

/** Every operation of the HTTP API, with where the code knows it: `audit.alarms`. */
export const operations = Object.entries(api).flatMap(([module, members]) =>
  typeof members !== 'object'
    ? []
    : Object.entries(members).flatMap(([name, value]) => (isRoute(value) ? [{ module, name, route: value }] : [])),
)

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value
}

const sources = join(root, 'cli/src')
const commands = join(sources, 'commands')

/** The sources of the command line client. */
const texts = new Map(
  readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => [join(sources, file), readFileSync(join(sources, file), 'utf8')] as const),
)

const { stdin, stdout, stderr } = process

/** Every command as one types it, with its summary. */
export const commandSummaries = new Map(summariesOf(makeProgram({ env: {}, stdin, stdout, stderr }), []))
export const commandPaths: ReadonlySet<string> = new Set(commandSummaries.keys())

function summariesOf(command: Command, before: string[]): [path: string, summary: string][] {
  return command.commands.flatMap((sub) => {
    const path = [...before, sub.name()]
    return [[path.join(' '), sub.summary()] as [string, string], ...summariesOf(sub, path)]
  })
}

/** The commands that a file declares: a file in a folder declares one below the folder's command, or one of its own. */
function declaredIn(file: string): string[] {
  const group = relative(commands, dirname(file))
  if (group.startsWith('..')) return []
  const names = [...(texts.get(file) ?? '').matchAll(/\.command\('([a-z-]+)/g)].map(([, name = '']) => name)
  const folders = group.split('/').filter((folder) => folder !== '')
  const pathsOf = (name: string) => folders.map((_, i) => [...folders.slice(0, folders.length - i), name].join(' ')).concat(name)
  return names.flatMap((name) => pathsOf(name).find((path) => commandPaths.has(path)) ?? [])
}

/** Operations that the text of a file itself calls, under whatever name it imported their module; or by their path. */
function calledIn(file: string): string[] {
  const text = texts.get(file) ?? ''
  const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '@claviger\/api'/g)].flatMap(([, names = '']) => names.split(','))
  const local = new Map(imports.map((name) => name.replace('type', '').trim().split(' as ')).map(([name = '', as = name]) => [name, as]))
  return operations
    .filter(({ module, name, route }) => {
      const as = local.get(module)
      return (
        (as !== undefined && new RegExp(`\\b${as}\\.${name}\\b`).test(text)) ||
        text.includes(`${route.path}\``) ||
        text.includes(`'${route.path}'`)
      )
    })
    .map(({ route }) => route.id)
}

/** What a command's file calls, itself or through what it imports; files of other commands only declare those. */
function reachedFrom(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return []
  seen.add(file)
  const imported = [...(texts.get(file) ?? '').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => join(dirname(file), path))
  return [...calledIn(file), ...imported.filter((path) => texts.has(path)).flatMap((path) => reachedFrom(path, seen))]
}

/** For each operation the commands whose code calls it. */
export function callers(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const file of texts.keys())
    for (const command of declaredIn(file)) for (const id of reachedFrom(file)) found.set(id, (found.get(id) ?? new Set()).add(command))
  return found
}
