import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured, percentile } from '../measurement.ts'
import type { Stand } from './stand.ts'
import { type EchoTerminal, openEcho } from './terminal.ts'
import { timed, type Way } from './way.ts'

/** One byte there and back through a terminal: what somebody feels who types. Idle, and while a file is copied by the same way. */
export async function echo(stand: Stand, bench: Bench): Promise<void> {
  const strokes = bench.quick ? 100 : 400
  if (['ssh.echo.p50', 'ssh.echo.p99'].some(bench.wanted)) {
    bench.report.say(`ssh.echo: ${strokes} keystrokes, ${bench.runs} runs each of claviger and ssh -J`)
    const [p50, p99] = [
      { ours: [] as number[], jump: [] as number[] },
      { ours: [] as number[], jump: [] as number[] },
    ]
    const both = (side: 'ours' | 'jump') => async () => {
      const times = await typing(stand[side], strokes)
      p99[side].push(percentile(times, 99))
      p50[side].push(percentile(times, 50))
      return 0
    }
    await inTurn(bench.runs, { ours: both('ours'), jump: both('jump') })
    report(bench, 'ssh.echo.p50', { ours: p50.ours.slice(1), jump: p50.jump.slice(1) })
    report(bench, 'ssh.echo.p99', { ours: p99.ours.slice(1), jump: p99.jump.slice(1) })
  }
  if (bench.wanted('ssh.echo.p50.busy')) {
    bench.report.say(`ssh.echo.p50.busy: the same beside a copy by the same way`)
    const busy = (way: Way) => async () => {
      const value = await whileCopying(stand, way, () => typing(way, strokes))
      stand.forgetRecordings()
      return percentile(value, 50)
    }
    report(bench, 'ssh.echo.p50.busy', await inTurn(bench.runs, { ours: busy(stand.ours), jump: busy(stand.jump) }))
  }
}

function report(bench: Bench, metric: string, values: { ours: number[]; jump: number[] }): void {
  if (bench.wanted(metric))
    bench.report.measured(measured({ metric, unit: 'ms', anchor: 'ssh -J', better: 'lower' }, against(values, 'jump')))
}

/** The times of so many keystrokes, at the pace of a fast hand. */
async function typing(way: Way, strokes: number): Promise<number[]> {
  const terminal: EchoTerminal = await openEcho(way, { terminal: true })
  try {
    const times: number[] = []
    for (let stroke = 0; stroke < strokes; stroke++) {
      times.push(await terminal.echo(String.fromCharCode(97 + (stroke % 26))))
      await sleep(5)
    }
    return times.slice(Math.ceil(strokes / 20)) // the first ones are the warm-up
  } finally {
    await terminal.close()
  }
}

/** Copies the file again and again while `work` goes on. */
async function whileCopying<T>({ file }: Stand, way: Way, work: () => Promise<T>): Promise<T> {
  let over = false
  const copies = (async () => {
    while (!over) await timed(way, `cat ${file.there}`)
  })()
  copies.catch(() => undefined)
  try {
    await sleep(500)
    return await work()
  } finally {
    over = true
    await copies
  }
}
