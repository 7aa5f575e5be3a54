import { call, session } from '@claviger/api'
import { eventually } from '../eventually.ts'
import { yes } from '../person.ts'
import type { Step } from '../tour.ts'
import { lookAtStatements } from './database.ts'

export const recording: Step = {
  name: 'recording',
  title: 'what happened can be replayed from the sealed file; what was typed unseen cannot',
  async run(tour, proof) {
    const [id, marker] = [tour.need('session'), tour.need('marker')]
    const dave = tour.person('dave')
    const ended = await eventually('the recording to be sealed', 20, async () => {
      const shown = await yes('the session', call(dave.api, session.getSession, { params: { id } }))
      return shown.recording?.state === 'sealed' ? shown : undefined
    })
    const { recording } = ended
    proof.show('recording', [
      {
        session: id,
        recording: recording?.id ?? null,
        state: recording?.state ?? null,
        chunks: recording?.chunks ?? null,
        bytes: recording?.bytes ?? null,
        seconds: recording?.seconds ?? null,
        exit: ended.exitStatus,
      },
    ])

    const played = await dave.cli(['sessions', 'play', id, '--text'])
    const lines = played.out
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
    proof.show('claviger sessions play --text', lines.slice(-12))
    proof.prove(
      'the replay shows what alice saw',
      played.status === 0 && played.out.includes('sees tour-42') && played.out.includes('Passphrase: '),
      played,
    )

    const { commands, keystrokes, verified } = await yes('the commands', call(dave.api, session.replayCommands, { params: { id } }))
    proof.show(
      'commands',
      commands.map(({ seconds, text }) => ({ 'at (s)': Number(seconds.toFixed(1)), command: text })),
    )
    proof.show('keystrokes', [keystrokes])
    proof.prove(
      'the commands that she typed are listed',
      commands.some((c) => c.text.includes('tour-$((6*7))')),
      commands,
    )
    proof.prove('keystrokes count as proven by the echo of the target', keystrokes.proven > 20, keystrokes)
    proof.prove('what she typed unseen is counted as not proven', keystrokes.unproven >= marker.length, keystrokes)
    const cast = await yes('the asciicast', call(dave.api, session.replayCast, { params: { id } }))
    proof.prove(
      'and stands neither in the replay nor among the commands',
      ![played.out, cast, JSON.stringify(commands)].some((text) => text.includes(marker)),
    )
    proof.show('verified', verified.message)
    proof.prove('the sealed file is whole: every chunk verified', verified.ok && !verified.interrupted && verified.chunks > 0, verified)

    await lookAtStatements(tour, proof)

    const tried = await tour.person('alice').json(['sessions', 'play', id])
    proof.show('alice tries to watch it', `exit ${tried.status}: ${tried.error.message ?? ''}`)
    proof.prove('watching is a right of its own: alice is refused', tried.status === 5, tried)
  },
}
