import { runProgram } from '../../support/process.ts'
import type { Lane } from '../lane.ts'
import { sshOptions } from '../paths/native.ts'
import { noProgram, onlyShell } from '../reasons.ts'
import { type Row, rowsFor } from '../row.ts'

/** `-W` to a door of the gateway, which greets; nothing else is asked there. `-R` no shipped policy permits. */
const ways: Record<string, { options: (lane: Lane) => string[]; ok: (said: string) => boolean; leaves: RegExp[] }> = {
  'a connection forwarded': {
    leaves: [/^session\.forwarding \(intent\)/, /^session\.forwarded \(outcome\).*received=some/],
    options: ({ door }) => ['-W', `127.0.0.1:${door}`],
    ok: (said) => said.includes('SSH-2.0-'),
  },
  'a way back that is refused': {
    leaves: [/^session\.act_refused|\(refused\)/],
    options: () => ['-N', '-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:9'],
    ok: (said) => /remote port forwarding failed/.test(said),
  },
}

const bySsh = async (lane: Lane, { options, ok }: (typeof ways)[string], port?: number) => {
  const args = [...options(lane), ...(await sshOptions(lane, port)), 'claviger']
  const { said } = await runProgram('ssh', args, { seconds: 180, env: { PATH: process.env.PATH }, input: 'not SSH\r\n' })
  if (!ok(said)) throw new Error(said)
}

export default Object.entries(ways).flatMap(([act, way]): Row[] =>
  rowsFor(['ssh'], () => ({
    act,
    leaves: way.leaves,
    cells: {
      native: (lane) => bySsh(lane, way),
      web: onlyShell,
      cli: '`claviger connect` forwards nothing.',
      api: noProgram,
      forwarded: (lane) => bySsh(lane, way, lane.carried),
    },
  })),
)
