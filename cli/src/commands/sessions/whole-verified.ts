import type { Call, session } from '@claviger/api'
import type { Shell } from '../../kit/shell.ts'

type Verified = NonNullable<session.Checked['verified']>

/** What verification of the whole file came to. Of a large one it goes on while pages are there already: then it is waited for, since the exit status tells of it. */
export async function wholeVerified(shell: Shell, known: Verified | null, ask: () => Promise<Call<session.Checked>>): Promise<Verified> {
  for (let verified = known; ; { verified } = await shell.get(ask(), 'Verifying the recording')) if (verified) return verified
}
