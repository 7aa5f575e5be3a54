import { type AnswerOf, type Call, call, session, type Transport } from '@claviger/api'

type Whole<P> = Omit<P, 'verified'> & { verified: NonNullable<session.Checked['verified']> }
type Query = { after?: number; limit?: number }

/** A page of statements with what verification of the whole file came to, waited for. */
export const verifiedStatements = async (
  api: Transport,
  id: string,
  query: Query,
): Promise<Call<Whole<AnswerOf<typeof session.sessionStatements>>>> =>
  await verified(await call(api, session.sessionStatements, { params: { id }, query }), (view) =>
    call(api, session.statementsVerified, { params: { id, view } }),
  )

/** The same of what a transfer did to files. */
export const verifiedFiles = async (
  api: Transport,
  id: string,
  query: Query,
): Promise<Call<Whole<AnswerOf<typeof session.sessionFiles>>>> =>
  await verified(await call(api, session.sessionFiles, { params: { id }, query }), (view) =>
    call(api, session.filesVerified, { params: { id, view } }),
  )

async function verified<P extends { view: string }>(
  page: Call<P & Pick<session.Checked, 'verified'>>,
  ask: (view: string) => Promise<Call<session.Checked>>,
): Promise<Call<Whole<P>>> {
  if (!page.ok) return page
  let { verified } = page.value
  while (!verified) {
    const asked = await ask(page.value.view)
    if (!asked.ok) return asked
    verified = asked.value.verified
  }
  return { ok: true, value: { ...page.value, verified } }
}
