import { expect, test } from 'vitest'
import { type AskedText, type Asker, askDigest } from '../facts/session-ask.ts'
import { openAskedText, sealAskedText } from './asked-texts.ts'

const key = Buffer.alloc(32, 1)
const asker = (id: string): Asker => ({ id, session_id: 'ses_aaaaaaaaaa', person_id: 'per_aaaaaaaaaa', account_id: 'acc_aaaaaaaaaa' })
const text = (command: string): AskedText => ({ act: { action: 'run', command }, salt: 'ab'.repeat(32) })
/** A row whose digest fits what it says: only where its text was sealed can be wrong with it. */
const row = (id: string, said: AskedText, sealed: Buffer) => ({
  ...{ ...asker(id), action: 'run', digest: askDigest(asker(id), said) },
  sealed: sealed.toString('hex'),
})
const [mine, other] = [text('id'), text('reboot')]
const sealedFor = (id: string, said = mine, recording = 'rec_aaaaaaaaaa') => sealAskedText(key, recording, id, said)
const opened = (ask: Parameters<typeof openAskedText>[2]) => openAskedText(key, 'rec_aaaaaaaaaa', ask)
const altered = { ok: false, error: { code: 'session.ask_altered' } }

test('what was sealed for an ask opens as its text', () => {
  expect(opened(row('ask_aaaaaaaaaa', mine, sealedFor('ask_aaaaaaaaaa')))).toEqual({ ok: true, value: mine })
})

test.each([
  ['of another ask, though it says the same', row('ask_bbbbbbbbbb', mine, sealedFor('ask_aaaaaaaaaa'))],
  ['of another recording', row('ask_aaaaaaaaaa', mine, sealedFor('ask_aaaaaaaaaa', mine, 'rec_bbbbbbbbbb'))],
  ['that its digest is not of', row('ask_aaaaaaaaaa', other, sealedFor('ask_aaaaaaaaaa'))],
  ['of another sort than its row says', { ...row('ask_aaaaaaaaaa', mine, sealedFor('ask_aaaaaaaaaa')), action: 'query' }],
  ['of somebody else’s', { ...row('ask_aaaaaaaaaa', mine, sealedFor('ask_aaaaaaaaaa')), person_id: 'per_bbbbbbbbbb' }],
  ['that is not there', { ...row('ask_aaaaaaaaaa', mine, sealedFor('ask_aaaaaaaaaa')), sealed: null }],
])('a text %s is refused', (_what, ask) => {
  expect(opened(ask)).toMatchObject(altered)
})
