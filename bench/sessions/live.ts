import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, session } from '@claviger/api'
import { type Claviger, startClaviger } from '../../test/support/claviger.ts'
import { must, type Person } from '../../test/support/person.ts'
import { grant, takeOver } from '../../test/support/work.ts'
import type { Bench } from '../contract.ts'
import { measured, percentile } from '../measurement.ts'
import { sshEnvironment } from '../ssh/way.ts'
import { watch } from './watcher.ts'

const account = 'deploy@web01'

/** Somebody who watches a terminal: how far they are behind its person, and how long it takes from their order until that person is out. */
export async function measureLive(bench: Bench): Promise<void> {
  if (!['live.lag.p50', 'live.lag.p99', 'live.end.p50', 'live.end.p99'].some(bench.wanted)) return
  const claviger = await startClaviger({ lab: true, seconds: 2 * 3600 })
  bench.closeWhenEnded(claviger.stop)
  try {
    const alice = await claviger.person('alice')
    const carol = await claviger.person('carol')
    await takeOver(claviger, [account])
    await grant(alice, await claviger.person('bob'), account, '4h')
    const marks = bench.quick ? 10 : 60
    const ends = bench.quick ? 3 : 20
    bench.report.say(`live.lag: ${marks} lines of a terminal that is watched, ${bench.runs} runs; live.end: ${ends} sessions in each`)
    const lag: number[][] = []
    const end: number[][] = []
    // the first round counts for nobody
    for (let run = 0; run <= bench.runs; run++) {
      lag.push(await lagsOf(claviger, alice, carol, marks))
      end.push(await endsOf(alice, carol, ends))
    }
    for (const [name, runs] of [
      ['live.lag', lag.slice(1)],
      ['live.end', end.slice(1)],
    ] as const)
      for (const percent of [50, 99]) {
        const metric = `${name}.p${percent}`
        const ours = runs.map((times) => percentile(times, percent))
        if (bench.wanted(metric))
          bench.report.measured(measured({ metric, unit: 'ms', anchor: null, better: 'lower' }, { ours, anchor: null }))
      }
  } finally {
    await claviger.stop()
  }
}

/** From when the person's ssh has written a line until the watcher has it. */
async function lagsOf(claviger: Claviger, alice: Person, carol: Person, marks: number): Promise<number[]> {
  const { terminal, id } = await openTerminal(alice, carol)
  const watcher = await watch(claviger.base, carol.token, id)
  try {
    await soon(watcher.now, 'the watcher')
    const lags: number[] = []
    for (let n = 0; n < marks; n++) {
      const mark = `mark-${n}-${Math.random().toString(36).slice(2)}-`
      const [theirs, mine] = [watcher.hears(mark), terminal.hears(mark)]
      terminal.type(`${mark}\n`)
      const [here, there] = await soon(Promise.all([mine, theirs]), mark)
      lags.push(there - here)
      // at no beat of its own, so that every moment between two flushes is met
      await sleep(100 + Math.random() * 300)
    }
    return lags
  } finally {
    watcher.leave()
    await terminal.close()
  }
}

/** From when the order leaves the officer until the person's ssh is at its end. */
async function endsOf(alice: Person, carol: Person, ends: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < ends; n++) {
    const { terminal, id } = await openTerminal(alice, carol)
    const began = performance.now()
    const ordered = call(carol.api, session.endSession, { params: { id }, body: { reason: 'a benchmark' } })
    times.push((await soon(terminal.gone, `the end of ${id}`)) - began)
    must(await ordered)
  }
  return times
}

/** What does not come is said, and not waited for. */
async function soon<T>(what: Promise<T>, name: string): Promise<T> {
  const late = new AbortController()
  const tooLate = sleep(60_000, undefined, { signal: late.signal }).then(() => Promise.reject(new Error(`${name} never came`)))
  tooLate.catch(() => undefined)
  return await Promise.race([what, tooLate]).finally(() => late.abort())
}

async function openTerminal(alice: Person, carol: Person) {
  const child = spawn('ssh', ['-tt', ...(await alice.sshArgs(account)), "stty raw -echo; printf 'rea''dy\\n'; exec cat"], {
    env: sshEnvironment,
    stdio: 'pipe',
  })
  child.stdin.on('error', () => undefined)
  let said = ''
  let heard: { mark: string; at: (ms: number) => void }[] = []
  const hears = (mark: string) => new Promise<number>((at) => heard.push({ mark, at }))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const now = performance.now()
    said = `${said}${text}`.slice(-10_000)
    for (const { at } of heard.filter(({ mark }) => said.includes(mark))) at(now)
    heard = heard.filter(({ mark }) => !said.includes(mark))
  })
  // not the process's end: the connection's, at which it closes its output
  const gone = new Promise<number>((resolve) => child.stdout.once('end', () => resolve(performance.now())))
  const early = gone.then(() => Promise.reject(new Error(`ssh ended before it was ready: ${said}`)))
  early.catch(() => undefined)
  await soon(Promise.race([hears('ready'), early]), 'ssh')
  const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 1 } }))
  const id = sessions[0]?.id
  if (!id) throw new Error('there is no session')
  const close = async () => {
    child.kill('SIGKILL')
    await gone
  }
  return { id, terminal: { hears, gone, type: (text: string) => void child.stdin.write(text), close } }
}
