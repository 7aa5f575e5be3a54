import { Refused } from '../api.ts'
import { answerOf } from './browser.ts'

/**
 * Says yes to one act with a passkey: the act is sent without a code, the server answers with a challenge for exactly that, and it is sent again
 * with what the passkey signed.
 */
export async function withPasskey<T>(act: (code: string) => Promise<T>): Promise<T> {
  try {
    return await act('passkey')
  } catch (refused) {
    const asked = refused instanceof Refused ? refused.body.passkey : undefined
    if (!asked) throw refused
    return await act(await answerOf(asked))
  }
}
