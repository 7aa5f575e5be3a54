import { runProgram } from '../../support/process.ts'
import type { Lane } from '../lane.ts'
import { sshOptions } from '../paths/native.ts'
import { noProgram, onlyShell } from '../reasons.ts'
import { rowsFor } from '../row.ts'

const command = 'echo seen-$((6*7)); exit 3'

const bySsh = async (lane: Lane, port?: number) => {
  const args = [...(await sshOptions(lane, port)), 'claviger', command]
  const { status, said } = await runProgram('ssh', args, { seconds: 180, env: { PATH: process.env.PATH } })
  if (status !== 3) throw new Error(`ssh answered ${status}: ${said}`)
}

export default rowsFor(['ssh'], () => ({
  act: 'one command, without a shell',
  leaves: [/^session\.opening .*command=echo seen-/, /^session\.ended .*exitStatus=3/, /on the screen seen-42/],
  cells: {
    native: (lane) => bySsh(lane),
    web: onlyShell,
    async cli(lane) {
      const { status, said } = await lane.cli('alice', 'connect', lane.at, '--', command)
      if (status !== 3) throw new Error(`claviger connect answered ${status}: ${said}`)
    },
    api: noProgram,
    forwarded: (lane) => bySsh(lane, lane.carried),
  },
}))
