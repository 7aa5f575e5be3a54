import { rmSync } from 'node:fs'
import { call, identity } from '@claviger/api'
import { json, patience, within } from './arguments.ts'
import { type Facts, readFacts } from './facts.ts'
import { PeoplePrinter } from './print-for-people.ts'
import { endAll } from './processes.ts'
import { type Outcome, runSteps } from './run-steps.ts'
import { approve } from './steps/approve.ts'
import { connect } from './steps/connect.ts'
import { discover } from './steps/discover.ts'
import { end } from './steps/end.ts'
import { ledger } from './steps/ledger.ts'
import { recording } from './steps/recording.ts'
import { request } from './steps/request.ts'
import { vault } from './steps/vault.ts'
import { Tour } from './tour.ts'

/*
 * The tour drives the running lab as its people would: real ssh, the HTTP API, the CLI. Each step shows its evidence and
 * fails when something is not as promised. `--json`: eight lines {"step","ok","ms","evidence"} and nothing else on stdout. `--within`: seconds that it
 * has, where the machine does other work beside it and how long it takes is not what is asked.
 */

const steps = [discover, vault, request, approve, connect, recording, end, ledger]
async function main(): Promise<boolean> {
  const facts = readFacts(process.env)
  const leave = () => {
    endAll()
    rmSync(facts.work, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(leave))
  try {
    return await tourOf(facts)
  } finally {
    leave()
  }
}

function stop(leave: () => void): never {
  leave()
  process.exit(130)
}

async function tourOf(facts: Facts): Promise<boolean> {
  const { env, stdin, stdout, stderr } = process
  const people = new PeoplePrinter({ env, stdin, stdout, stderr })
  const asJson = { begun: () => undefined, over: (_step: unknown, outcome: Outcome) => void stdout.write(`${JSON.stringify(outcome)}\n`) }
  const gone = await unreachable(facts)
  if (gone) {
    if (json) stderr.write(`${gone}\n`)
    else people.line(gone)
    for (const step of steps) stdout.write(`${JSON.stringify({ step: step.name, ok: false, ms: 0, evidence: { error: gone } })}\n`)
    return false
  }
  const began = performance.now()
  const tour = new Tour(facts, json ? () => undefined : (what) => people.waiting(what))
  const allOk = await runSteps(steps, tour, within, json ? asJson : people)
  const took = `${((performance.now() - began) / 1000).toFixed(0)} s`
  if (!json) people.line(allOk ? `\nAll eight steps are as promised (${took}).` : `\nNot all steps are as promised (${took}).`)
  return allOk
}

/** Why the server cannot be toured, in one sentence; undefined when it answers. */
async function unreachable({ server }: Facts): Promise<string | undefined> {
  const patient: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(Math.ceil(5_000 * patience)) })
  try {
    await call({ base: server, fetch: patient }, identity.setupStatus)
    return undefined
  } catch {
    return `No Claviger answers at ${server}: start it with npm start, or set CLAVIGER_SERVER.`
  }
}

// a step that ran out of time may still be waiting for something
process.exit((await main()) ? 0 : 1)
