import type { Duplex } from 'node:stream'
import { web as api } from '@claviger/api'
import type { WebLine } from '../../../platform/http/web-line.ts'
import { encodeFrame, type Frame, FrameReader, longestBody } from '../../../protocols/web-terminal/index.ts'

/** What a browser may have been sent and not have on its screen yet; beyond it the gateway is held back, and so the target. */
const mostOwed = 512 * 1024
/** What was typed or pasted and the gateway did not take. Not read any more, the browser could not say either what it has on its screen. */
const mostTyped = 1024 * 1024
const openMs = 10_000

export interface TerminalPlace {
  /** person@account@target */
  user: string
  /** To the gateway's door. */
  connect(): Promise<Duplex>
}

const noGateway = 'The gateway does not answer. Try again in a moment; if it stays, tell your administrator.'
const tooMuchTyped = 'More was pasted than the target takes. Open it again, and send large things as files: claviger connect, then scp.'
const goneGateway = 'The connection to the gateway broke. Open it again.'

/** Passes a terminal between a browser and the gateway's door. It decides nothing: who comes, and what they may, is asked there. */
export function carryTerminal(line: WebLine, { user, connect }: TerminalPlace): void {
  let gateway: Duplex | undefined
  let opening = false
  let over = false
  let owed = 0
  const late = setTimeout(() => line.close(), openMs)

  const end = (said: Partial<Omit<api.TerminalHears, 'kind'>>) => {
    if (over) return
    over = true
    clearTimeout(late)
    gateway?.destroy()
    line.send(JSON.stringify({ kind: 'over', status: null, signal: null, why: null, ...said } satisfies api.TerminalHears))
    line.close()
  }
  const crowded = () => owed > mostOwed || line.waiting > mostOwed
  const flow = () => void (gateway && !crowded() && gateway.resume())
  const hear = ({ kind, body }: Frame) => {
    if (kind === 'output') {
      owed += body.length
      line.send(body)
    } else if (kind === 'over') end(exitIn(body))
  }
  const open = async ({ ticket, columns, rows }: Extract<api.TerminalSays, { kind: 'open' }>) => {
    const reader = new FrameReader()
    const reached = await connect()
    gateway = reached
    if (over) return void reached.destroy()
    clearTimeout(late)
    reached.on('error', () => {})
    reached.once('close', () => end({ why: goneGateway }))
    reached.on('data', (bytes: Buffer) => {
      const frames = reader.push(bytes)
      if (!frames) return end({ why: goneGateway })
      frames.forEach(hear)
      if (crowded()) reached.pause()
    })
    reached.write(encodeFrame('hello', JSON.stringify({ user, ticket, columns, rows })))
  }
  const type = (bytes: Buffer) => {
    line.touched()
    if (!gateway || bytes.length > api.longestTyped || bytes.length > longestBody) return line.close()
    gateway.write(encodeFrame('input', bytes))
    if (gateway.writableLength > mostTyped) end({ why: tooMuchTyped })
  }

  line.onSent(flow)
  line.onClose(() => {
    over = true
    clearTimeout(late)
    gateway?.destroy()
  })
  line.onMessage((message) => {
    if (over) return
    if (typeof message !== 'string') return type(message)
    const said = parse(message)
    if (!said) return line.close()
    if (said.kind === 'open') {
      if (opening) return line.close()
      opening = true
      open(said).catch(() => end({ why: noGateway }))
    } else if (said.kind === 'took') {
      // who says to have taken what they were not sent is no page of ours
      if (said.bytes > owed) return line.close()
      owed -= said.bytes
      flow()
    } else if (gateway) gateway.write(encodeFrame('resize', JSON.stringify({ columns: said.columns, rows: said.rows })))
  })
}

function parse(message: string): api.TerminalSays | undefined {
  try {
    const said = api.terminalSays.safeParse(JSON.parse(message))
    return said.success ? said.data : undefined
  } catch {
    return undefined
  }
}

function exitIn(body: Buffer): { status: number | null; signal: string | null } {
  try {
    const { status, signal } = JSON.parse(body.toString('utf8')) as { status?: unknown; signal?: unknown }
    return { status: typeof status === 'number' ? status : null, signal: typeof signal === 'string' ? signal : null }
  } catch {
    return { status: null, signal: null }
  }
}
