import { access, call, inventory, people, session, type Transport } from '@claviger/api'
import { Argument } from 'commander'
import { type Kind, kinds } from '../completion/kinds.ts'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

/** Somebody waits for their shell. */
const patience = 1_500
const most = 500

export const names: CommandFile = (cli, act) =>
  cli
    .command('names')
    .summary('names of things, one a line: what completion asks for')
    .description(
      `Prints at most ${most} names that you may see. Without a sign-in, or when the server does not answer at once, it prints nothing.`,
    )
    .addArgument(new Argument('<kind>').choices(kinds))
    .addHelpText('after', examples({ 'claviger names targets': 'as the shell asks when you press Tab' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, kind = '') => {
  const { print } = shell
  const found = shell.signIn ? await namesOf(kind as Kind, hasty(shell.server)).catch(() => []) : []
  // what a shell might take for anything but a name is none
  const list = [...new Set(found)].filter((name) => /^[\w@.-]+$/.test(name)).slice(0, most)
  print.answer({ kind, names: list }, () => print.raw(list.map((name) => `${name}\n`).join('')))
}

const hasty = (server: Transport): Transport => ({
  ...server,
  fetch: (url, init) => fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(patience) }),
})

async function namesOf(kind: Kind, server: Transport): Promise<string[]> {
  const query = { limit: most }
  switch (kind) {
    case 'accounts':
      return given(await call(server, inventory.accounts, { query }))?.accounts.map((a) => `${a.name}@${a.target.name}`) ?? []
    case 'targets':
      return given(await call(server, inventory.targets, { query }))?.targets.map((t) => t.name) ?? []
    case 'requests':
      return given(await call(server, access.requests, { query }))?.requests.map((r) => r.id) ?? []
    case 'sessions':
      return given(await call(server, session.sessions, { query }))?.sessions.map((s) => s.id) ?? []
    case 'grants':
      return given(await call(server, access.grants, { query }))?.grants.map((g) => g.id) ?? []
    case 'people':
      return given(await call(server, people.people, { query }))?.people.map((p) => p.name) ?? []
  }
}

const given = <T>(answer: { ok: true; value: T } | { ok: false }): T | undefined => (answer.ok ? answer.value : undefined)
