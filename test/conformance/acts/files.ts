import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../../support/process.ts'
import type { Lane } from '../lane.ts'
import { sshOptions } from '../paths/native.ts'
import { filesByClient, noFiles, noProgram } from '../reasons.ts'
import { type Row, rowsFor } from '../row.ts'

/** Of known contents, so that the hash is a known one. */
const contents = 'the first line of a plan\n'.repeat(5000)
const sha256 = createHash('sha256').update(contents).digest('hex')
const whole = new RegExp(`^session\\.file .*bytes=${contents.length} .*outcome=ok .*sha256=${sha256}`)
const there = '/tmp/seen-plan'

type Tool = (options: readonly string[], here: string, work: string) => [file: string, args: readonly string[]]
const sftp =
  (command: (here: string) => string): Tool =>
  (options, here, work) => {
    const batch = join(work, 'batch')
    writeFileSync(batch, `${command(here)}\n`)
    return ['sftp', ['-b', batch, ...options, 'claviger']]
  }
const rsync = (options: readonly string[]) => ['-e', `ssh ${options.join(' ')}`]

const tools: Record<string, Tool> = {
  'a file up, by sftp': sftp((here) => `put ${here} ${there}`),
  'a file down, by sftp': sftp((here) => `get ${there} ${here}.back`),
  'a file up, by scp': (options, here) => ['scp', ['-q', ...options, here, `claviger:${there}`]],
  'a file down, by scp': (options, here) => ['scp', ['-q', ...options, `claviger:${there}`, `${here}.back`]],
  'a file up, by scp -O': (options, here) => ['scp', ['-q', '-O', ...options, here, `claviger:${there}`]],
  'a file down, by scp -O': (options, here) => ['scp', ['-q', '-O', ...options, `claviger:${there}`, `${here}.back`]],
  'a file up, by rsync': (options, here) => ['rsync', ['-I', ...rsync(options), here, `claviger:${there}`]],
  'a file down, by rsync': (options, here) => ['rsync', ['-I', ...rsync(options), `claviger:${there}`, `${here}.back`]],
}

const carry = (tool: Tool, portOf: (lane: Lane) => number | undefined) => async (lane: Lane) => {
  const { work } = lane.claviger
  const here = join(work, 'plan')
  writeFileSync(here, contents)
  const [file, args] = tool(await sshOptions(lane, portOf(lane)), here, work)
  const { status, said } = await runProgram(file, args, { seconds: 180, env: { PATH: process.env.PATH } })
  if (status !== 0) throw new Error(`${file} answered ${status}: ${said}`)
}

export default Object.entries(tools).flatMap(([act, tool]): Row[] =>
  rowsFor(['ssh'], () => ({
    act,
    // what rsync does inside its command nobody sees
    leaves: act.endsWith('rsync') ? [/^session\.opening .*command=rsync --server/] : [whole],
    cells: {
      native: carry(tool, () => undefined),
      web: noFiles,
      cli: filesByClient,
      api: noProgram,
      forwarded: carry(tool, (lane) => lane.carried),
    },
  })),
)
