import { appendFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import type { kits } from '@claviger/api'
import { Argument } from 'commander'
import { readIdentities } from '../../kit/age-identity.ts'
import type { CommandFile } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { readGivenWhole } from '../../kit/questions.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { announce, type Told } from '../../kits/announce.ts'
import { clientFor, hasClient } from '../../kits/client.ts'
import { inOrder, openCredential } from '../../kits/credential.ts'
import { bring, named, type OpenedKit, openKit } from '../../kits/open-kit.ts'
import type { Opened } from '../../kits/opened.ts'
import { readKit, type SignedKit } from '../../kits/read-kit.ts'
import { runRecorded, SealedRecording } from '../../kits/record.ts'
import { withScratch } from '../../kits/scratch.ts'
import { showFor } from '../check-out/show-for.ts'

interface Options extends GlobalOptions {
  identity?: string[]
  account?: string
  show?: boolean
  recordings: string
}

const shownSeconds = 60
const oneMore = (file: string, before: string[] | undefined) => [...(before ?? []), file]

export const breakglassOpen: CommandFile = (cli, act) =>
  cli
    .command('open')
    .addArgument(new Argument('<kit>', 'the file of the kit'))
    .addArgument(new Argument('[command...]', 'for the account: a command in place of a shell, or arguments for psql').argOptional())
    .summary('as custodians, together: open an offline kit, also while there is no server')
    .description(
      'Checks the kit, tells everybody that it names, and starts ssh or psql on a terminal that is recorded and sealed to the server. Where no road answers it opens all the same, and says so. Bring the recording back when the server is up: claviger breakglass adopt FILE.',
    )
    .option('--identity <file>', "a custodian's private key, once for each; those that are missing are asked for", oneMore)
    .option('--account <account@target>', 'which account; asked for when it is left out')
    .option('--show', 'show the credential instead of connecting, for kinds that no client here speaks to')
    .option('--recordings <folder>', 'where the recording is written', '.')
    .addHelpText(
      'after',
      examples({
        'claviger breakglass open claviger.kit': 'asks for two keys and an account',
        'claviger breakglass open claviger.kit --identity bob.key --identity carol.key --account root@web01 -- uptime': 'one command',
      }),
    )
    .action(act<Options>((shell, options, file, ...command) => run(shell, options, file, command.flat())))

async function run(shell: Shell, options: Options, file = '', command: readonly string[] = []): Promise<void> {
  const { print } = shell
  const signed = readKit(readGivenWhole(file, 'KIT'))
  const kit = await openKit(signed, await gather(shell, signed, options.identity ?? []))
  const told = await tell(shell, kit, file)
  const account = await choose(shell, kit, options.account)
  if (!account) return list(shell, kit, told)
  const where = `${account.name}@${account.target.name}`
  const opened: Opened[] = []
  for (const sealed of inOrder(account))
    opened.push({ credential: sealed.credential, version: sealed.version, secret: await openCredential(kit.key, account, sealed) })
  const [newest] = opened
  if (!newest)
    throw new CliError('failed', `The kit holds no credential of ${where}: it was not rotated into the location when the kit was made.`)
  try {
    if (options.show) return await show(shell, where, newest)
    if (!hasClient(account.target.kind))
      throw new CliError('usage', `There is no client here for ${account.target.kind}.`, `… --account ${where} --show`)
    const { head, custodians } = kit
    const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+Z/g, '')
    const recordingFile = join(options.recordings, `claviger-${where.replaceAll(/[^\w.@-]/g, '-')}-${stamp}.recording`)
    const about = {
      kit: head.id,
      account: { id: account.id, name: account.name, target: account.target.name },
      custodians,
      announced: told,
    }
    process.exitCode = await withScratch(async (folder) => {
      const client = await clientFor(account, opened, command, folder)
      // no recording, no session
      const recording = await SealedRecording.begin(recordingFile, kit.body.recordingKey, about)
      print.hint(`Everything that the terminal shows is recorded in ${recordingFile}.`)
      return await runRecorded(client, recording, folder)
    })
    print.hint(`Recorded. When the server is up again: claviger breakglass adopt ${recordingFile}`)
  } finally {
    for (const { secret } of opened) secret.fill(0)
  }
}

/** Enough custodians, from files or at the terminal, one after another. */
async function gather(shell: Shell, signed: SignedKit, files: readonly string[]) {
  const { head } = signed
  const brought: NonNullable<Awaited<ReturnType<typeof bring>>>[] = []
  const add = async (identities: readonly string[], from: string) => {
    const one = await bring(signed, identities)
    if (!one) throw new CliError('refused', `${from} is not the key of a custodian of this kit. They are: ${named(head)}.`)
    if (!brought.some((other) => other.name === one.name)) brought.push(one)
  }
  for (const file of files) await add(readIdentities(file), file)
  while (brought.length < head.threshold && shell.ask.possible) {
    const typed = await shell.ask.hidden(
      `Custodian ${brought.length + 1} of ${head.threshold} (${named(head)}): your private key, or its file`,
      undefined,
      '--identity',
    )
    await add(typed.startsWith('AGE-SECRET-KEY-') ? [typed.trim()] : readIdentities(typed.trim()), 'That')
  }
  return brought
}

/** On every road; and a line beside the kit, as far as that can be written: who copies the kit before leaves none. */
async function tell({ print }: Shell, { head, body, custodians }: OpenedKit, file: string): Promise<Told[]> {
  const at = new Date().toISOString()
  const on = `${userInfo().username} on ${hostname()}`
  const by = custodians.join(' and ')
  const subject = `Claviger: the offline kit of ${body.server} was opened by ${by}`
  const text = `The offline kit ${head.id} of ${body.server}, made ${head.madeAt}, was opened by ${by} at ${at}, as ${on}.\nIt holds the credentials of ${body.accounts.length} accounts for emergencies.`
  const told = await announce(body.roads, { subject, text, facts: { kit: head.id, server: body.server, custodians, at, on } })
  for (const { road, ok, why } of told) print.hint(ok ? `Told: ${road}` : `NOT told: ${road} (${why ?? 'no answer'})`)
  if (!told.some((one) => one.ok)) print.hint('No road answered, so nobody was told that this kit is open. Call the people yourselves:')
  if (body.roads.phoneTree && !told.some((one) => one.ok)) for (const line of body.roads.phoneTree.split('\n')) print.hint(`  ${line}`)
  try {
    appendFileSync(`${file}.opened`, `${at} ${head.id} opened by ${by}, as ${on}\n`, { mode: 0o600 })
  } catch {
    print.hint(`No mark could be left beside ${file}.`)
  }
  return told
}

async function choose(shell: Shell, { body }: OpenedKit, wanted: string | undefined): Promise<kits.KitAccount | undefined> {
  const names = body.accounts.map((a) => `${a.name}@${a.target.name}`)
  const asked =
    wanted ??
    (shell.ask.possible && !shell.print.json ? await shell.ask.text(`Which account (${names.join(', ')})`, '--account') : undefined)
  if (asked === undefined) return undefined
  const found = body.accounts[names.indexOf(asked)]
  if (!found) throw new CliError('usage', `The kit holds no ${asked}. It holds: ${names.join(', ')}.`)
  return found
}

function list({ print }: Shell, { head, body, custodians }: OpenedKit, told: readonly Told[]): void {
  const accounts = body.accounts.map((a) => ({
    account: `${a.name}@${a.target.name}`,
    kind: a.target.kind,
    address: `${a.target.settings.host}:${a.target.settings.port}`,
    credentials: a.sealed.length,
  }))
  print.answer({ kit: { id: head.id, madeAt: head.madeAt, server: body.server }, custodians, told, accounts }, () =>
    print.table<(typeof accounts)[number]>(
      [
        { title: 'ACCOUNT', value: (a) => a.account },
        { title: 'KIND', value: (a) => a.kind },
        { title: 'ADDRESS', value: (a) => a.address },
      ],
      accounts,
      'The kit is empty.',
    ),
  )
}

async function show({ io }: Shell, where: string, { credential, version, secret }: Opened): Promise<void> {
  if (io.stdout.isTTY !== true) throw new CliError('usage', 'Standard output is no terminal, so the credential is not written to it.')
  await showFor(
    io,
    `${credential} v${version} of ${where}:`,
    secret.toString('utf8'),
    shownSeconds,
    'It is rotated when the server is up again.',
  )
}
