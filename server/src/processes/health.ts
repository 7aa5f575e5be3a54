import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Sequencer } from '../domains/audit/index.ts'
import type { BreakglassFigures } from '../domains/breakglass/index.ts'
import type { Controls } from '../domains/controls/index.ts'
import type { Keeper } from '../keeper/client.ts'

/** Silence longer than this of the sequencer is a fault. */
const sequencerSilenceMs = 10_000
const patienceMs = 3_000

/** Readiness, and the figures for Prometheus. */
export function health(deps: {
  pool: pg.Pool
  keeper: Keeper
  sequencer: Sequencer
  controls: Controls
  breakglass: () => Promise<BreakglassFigures>
}) {
  const { pool, keeper, sequencer, controls } = deps
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'claviger_api_' })
  const size = new Gauge({ name: 'claviger_ledger_size', help: 'Entries under a signed checkpoint', registers: [registry] })
  const behind = new Gauge({
    name: 'claviger_sequencer_seconds_since_round',
    help: 'Seconds since the sequencer finished a round',
    registers: [registry],
  })
  const sealed = new Gauge({ name: 'claviger_sealed', help: '1 while the seal is closed or not made yet', registers: [registry] })
  const grants = new Gauge({
    name: 'claviger_sealed_running_grants',
    help: 'Grants that run while the seal is closed',
    registers: [registry],
  })
  const ready = new Gauge({ name: 'claviger_ready', help: '1 when everything needed to give access answers', registers: [registry] })

  const labelNames = ['control', 'node']
  const seen = new Gauge({
    name: 'claviger_control_last_seen_seconds',
    help: 'Seconds since a control was last seen to work',
    labelNames,
    registers: [registry],
  })
  const silent = new Gauge({ name: 'claviger_control_silent', help: '1 while a control is silent', labelNames, registers: [registry] })
  const emergencies = {
    active: new Gauge({ name: 'claviger_breakglass_active', help: 'Break-glass activations that run', registers: [registry] }),
    openReviews: new Gauge({
      name: 'claviger_breakglass_open_reviews',
      help: 'Break-glass activations whose post-incident review is open',
      registers: [registry],
    }),
    drillOverdue: new Gauge({
      name: 'claviger_breakglass_drill_overdue',
      help: '1 when a break-glass drill is overdue',
      registers: [registry],
    }),
  }
  const watched = (): Record<string, string> => {
    const { node, controls: all } = controls.now()
    for (const { control, agoMs, silent: isSilent } of all) {
      seen.set({ control, node }, agoMs / 1000)
      silent.set({ control, node }, isSilent ? 1 : 0)
    }
    return Object.fromEntries(all.map((c) => [c.control, c.silent ? `silent since ${c.lastSeenAt}. ${c.cause ?? ''}`.trim() : 'ok']))
  }

  const check = async () => {
    const checks: Record<string, string> = {}
    try {
      await pool.query('select 1')
      checks.database = 'ok'
    } catch {
      checks.database = 'The database does not answer. Is its process running, and is the disk full?'
    }
    const broken = await deps.breakglass().catch(() => undefined)
    for (const [name, gauge] of Object.entries(emergencies)) if (broken) gauge.set(broken[name as keyof BreakglassFigures])
    const status = await keeper.ask('status', {})
    const isSealed =
      status.ok && (status.value.state === 'sealed' || status.value.state === 'uninitialised' || status.value.state === 'closing')
    sealed.set(isSealed ? 1 : 0)
    if (status.ok) grants.set(status.value.runningGrants)
    checks.keeper = !status.ok ? status.error.message : status.value.state === 'ready' ? 'ok' : status.value.message
    if (status.ok) size.set(status.value.size)
    const silence = Date.now() - (sequencer.lastRound()?.getTime() ?? 0)
    behind.set(silence / 1000)
    checks.ledger =
      silence < sequencerSilenceMs || isSealed
        ? 'ok'
        : 'The ledger is not being sequenced, so nothing is given out. Look at the log of the api process.'
    const ok = Object.values(checks).every((c) => c === 'ok')
    ready.set(ok ? 1 : 0)
    return { ok, checks, controls: watched() }
  }
  return {
    ready: check,
    async metrics() {
      // what does not answer must not keep the figures from being read
      await Promise.race([check(), sleep(patienceMs)])
      watched()
      return await registry.metrics()
    },
  }
}
