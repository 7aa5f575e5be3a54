import { setTimeout as sleep } from 'node:timers/promises'
import { type AnswerOf, seal as api, type BodyOf, call } from '@claviger/api'
import type { Custodian } from '../../kit/custodians.ts'
import { CliError } from '../../kit/exit.ts'
import { answered } from '../../kit/server.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { madeReady, writeShares } from './share-files.ts'
import { showEncrypted, showShares } from './show-shares.ts'

export interface CeremonyOptions extends GlobalOptions {
  codeFile?: string
  outDir?: string
  custodian?: Custodian[]
}

/** How many shares there are, and whose. */
export const wishOf = ({ custodian: custodians }: CeremonyOptions, shares: number) => ({
  shares: custodians?.length ?? shares,
  ...(custodians && { custodians }),
})

type Plan = BodyOf<typeof api.ceremonyBegin>['plan']
type Status = AnswerOf<typeof api.sealStatus>
type Ceremony = NonNullable<Status['ceremony']>

export const askCode = async (shell: Shell, file: string | undefined): Promise<string> =>
  (await shell.ask.hidden('Code from your authenticator', file, '--code-file')).replaceAll(' ', '')

/**
 * Begins a ceremony, waits here until everybody was there, and goes on with it. New shares are handed out and typed back here, or lie in files.
 * Answers whether it is done: not yet, where shares in files are still to be typed back.
 */
export async function leadCeremony(shell: Shell, plan: Plan, options: CeremonyOptions): Promise<boolean> {
  const { print } = shell
  const handsOut = plan.goal === 'replace'
  if (handsOut && options.outDir !== undefined) madeReady(options.outDir)
  const code = await askCode(shell, options.codeFile)
  const { ticket } = await shell.get(call(shell.server, api.ceremonyBegin, { body: { code, plan } }))
  print.hint('Begun. Now an administrator or officer, whichever you are not: claviger ceremony confirm')
  const { ceremony } = await look(shell)
  if (ceremony?.old) print.hint(`And ${ceremony.old.threshold} custodians of set ${ceremony.old.set}, each: claviger ceremony share`)
  await shell.progress.during(
    'Waiting for the others',
    until(shell, (c) => c.phase === 'ready'),
  )
  const { done, set, shares } = await shell.get(call(shell.server, api.ceremonyGo, { body: { ticket } }), 'Making the new keys')
  if (done || set === null) return true
  const { threshold } = plan.goal === 'replace' ? { threshold: plan.threshold ?? 3 } : { threshold: 0 }
  if (options.outDir !== undefined) {
    const files = writeShares(options.outDir, { shares, set }, 'Begin the ceremony anew', options.custodian)
    print.answer({ set, threshold, files, done: false }, () => {
      for (const file of files) print.line(file)
      print.hint(
        `Give each file to one custodian, who types it back: claviger ceremony share. Until all ${shares.length} have, the seal of before counts.`,
      )
    })
    return false
  }
  if (options.json) {
    // past the writer, which would blank them: they were asked for
    shell.io.stdout.write(`${JSON.stringify({ version: 1, set, threshold, shares, done: false })}\n`)
    return false
  }
  if (options.custodian) {
    showEncrypted(shell, shares, options.custodian)
    print.hint(`Each then gives the opened share: claviger ceremony share. Until all ${shares.length} have, the seal of before counts.`)
    return false
  }
  await showShares(shell, shares)
  await typedBack(shell, shares.length, set)
  print.line(
    `Set ${set} counts: any ${threshold} of its ${shares.length} shares open the server. Those of before open nothing any more.`,
    'green',
  )
  return true
}

/** Each custodian types the new share from what they wrote down. The last one makes them count. */
async function typedBack(shell: Shell, count: number, set: string): Promise<void> {
  shell.print.hint(`Now each custodian types the new share back, from the paper. Until all ${count} have, the shares of before count.`)
  for (let given = 0; given < count; ) {
    const share = await shell.ask.hidden(`Share of set ${set} (${given} of ${count} typed back)`, undefined, '--out-dir')
    const answer = await giveShare(shell, share).catch((error: unknown) => {
      // a slip of the pen is put right here and now
      if (!(error instanceof CliError) || !error.code?.startsWith('seal.share_')) throw error
      shell.print.hint(error.message)
      return undefined
    })
    if (answer?.done) return
    given = answer?.given ?? given
  }
}

export async function giveShare(shell: Shell, share: string) {
  shell.hide(share)
  return await shell.get(call(shell.anonymous, api.ceremonyShare, { body: { share: share.slice(0, 400) } }))
}

export const look = async (shell: Shell): Promise<Status> => await answered(call(shell.anonymous, api.sealStatus), shell.base)

async function until(shell: Shell, ready: (ceremony: Ceremony) => boolean): Promise<void> {
  for (;;) {
    const { ceremony } = await look(shell)
    if (!ceremony) throw new CliError('refused', 'The ceremony was given up, or ended after half an hour. Nothing was changed.')
    if (ready(ceremony)) return
    await sleep(1000)
  }
}
