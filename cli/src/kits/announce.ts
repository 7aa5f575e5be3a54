import type { kits } from '@claviger/api'
import { sendMail } from './smtp.ts'

/** One road, and what came of it. */
export interface Told {
  road: string
  ok: boolean
  why?: string
}

const patience = 8_000

/** Tells everybody whom the kit names that it was opened, on all roads at once. Never throws: where no road answers it opens all the same. */
export async function announce(roads: kits.Roads, what: { subject: string; text: string; facts: object }): Promise<Told[]> {
  const tried = (road: string, attempt: () => Promise<void>): Promise<Told> =>
    attempt().then(
      () => ({ road, ok: true }),
      (error: unknown) => ({ road, ok: false, why: error instanceof Error ? error.message.slice(0, 200) : String(error) }),
    )
  return await Promise.all([
    ...roads.mail.map(({ host, port, from, to }) =>
      tried(`mail to ${to.join(', ')} by ${host}`, () => sendMail({ host, port, from, to, ...what }, patience)),
    ),
    ...roads.webhooks.map((url) => tried(`webhook ${new URL(url).host}`, () => post(url, { text: what.text, ...what.facts }))),
    ...roads.sms.map((url) => tried(`SMS by ${new URL(url).host}`, () => post(url, { text: what.subject }))),
  ])
}

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`it answered ${answer.status}`)
}
