import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../../test/support/process.ts'

export interface Answers {
  perSecond: number
  /** Milliseconds of a read. */
  p50: number
  p99: number
}

/**
 * Asks for `path` over each of so many connections again and again, the next time when the answer is there: no pipelining, as pgbench has none. The
 * client is Debian's wrk, which is lean C as pgbench is: one of ours took as much of the two cores that they share as a quarter of the read itself.
 * The tokens, of which each request takes the next one, lie in a file in `folder`. Any other answer than 200 is an error.
 */
export async function ask(
  port: number,
  path: string,
  tokens: readonly string[],
  connections: number,
  ms: number,
  folder: string,
): Promise<Answers> {
  const script = join(folder, 'reads.lua')
  writeFileSync(script, lua(path, tokens), { mode: 0o600 })
  const args = [
    '-t',
    '1',
    '-c',
    `${connections}`,
    '-d',
    `${Math.ceil(ms / 1000)}s`,
    '--timeout',
    '30s',
    '-s',
    script,
    `http://127.0.0.1:${port}`,
  ]
  const { status, out, said } = await runProgram('wrk', args, { seconds: ms / 1000 + 60 })
  const found = /^MEASURED (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)$/m.exec(out)
  if (status !== 0 || !found) throw new Error(`wrk ended with ${status}: ${said.trim().slice(-500)}`)
  const [answers = 0, failed = 0, micros = 0, p50 = 0, p99 = 0] = found.slice(1).map(Number)
  if (failed > 0 || answers === 0) throw new Error(`${failed} of ${answers} reads were not answered with a credential`)
  return { perSecond: (answers / micros) * 1e6, p50: p50 / 1000, p99: p99 / 1000 }
}

/** Requests are written down once for each token, so that the script costs nothing. */
const lua = (path: string, tokens: readonly string[]): string => `
local tokens = { ${tokens.map((token) => `"${token}"`).join(', ')} }
local ready, at = {}, 0
function init()
  for i, token in ipairs(tokens) do ready[i] = wrk.format("GET", "${path}", { authorization = "Bearer " .. token }) end
end
function request()
  at = at % #ready + 1
  return ready[at]
end
function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  print(string.format("MEASURED %d %d %d %.1f %.1f", summary.requests, failed, summary.duration, latency:percentile(50), latency:percentile(99)))
end
`
