import { commandAt, timeline } from '../sessions/timeline.ts'
import type { Content } from './content.ts'
import { clock, element, printable } from './element.ts'
import { Screen } from './screen.ts'

const speeds = [0.5, 1, 2, 4, 8, 16]

/** The screen with what one presses, and the commands beside it. */
export function player(content: Content, size: { columns: number; rows: number }, rawLines: boolean): HTMLElement {
  const screen = new Screen(content.screen, size, rawLines)
  const times = content.screen.map(({ seconds }) => seconds)
  const play = element('button', { type: 'button', class: 'play' }, 'Play')
  const bar = element('input', {
    type: 'range',
    min: '0',
    max: String(content.duration || 1),
    step: 'any',
    value: '0',
    'aria-label': 'Position',
  })
  const at = element('span', { class: 'clock' })
  const speed = element(
    'select',
    { 'aria-label': 'Speed' },
    ...speeds.map((s) => element('option', { value: String(s), ...(s === 1 && { selected: '' }) }, `${s}×`)),
  )
  const idle = element('input', { type: 'checkbox', checked: '' })
  const commands = content.commands.map(({ seconds, text }) => {
    const button = element(
      'button',
      { type: 'button' },
      element('span', { class: 'at' }, clock(seconds)),
      element('code', {}, printable(text)),
    )
    button.addEventListener('click', () => seek(seconds))
    return button
  })

  let line = timeline(times, true)
  let now = 0
  let playing = false
  let ticked = 0
  const show = () => {
    at.textContent = `${clock(now)} / ${clock(content.duration)}`
    bar.value = String(now)
    bar.setAttribute('aria-valuetext', clock(now))
    const current = commandAt(content.commands, now)
    for (const [n, button] of commands.entries()) button.toggleAttribute('aria-current', n === current)
    return screen.show(now)
  }
  const stop = () => {
    playing = false
    play.textContent = 'Play'
  }
  const seek = (to: number) => {
    now = Math.min(content.duration, Math.max(0, to))
    void show()
  }
  const tick = async (moment: number): Promise<void> => {
    if (!playing) return
    const passed = Math.min(250, moment - ticked) / 1000
    ticked = moment
    now = line.toSession(line.toReplay(now) + passed * Number(speed.value))
    if (now >= content.duration - 0.001) {
      now = content.duration
      stop()
    }
    await show()
    requestAnimationFrame(tick)
  }
  const toggle = () => {
    if (playing) return stop()
    if (now >= content.duration - 0.05) now = 0
    playing = true
    play.textContent = 'Pause'
    ticked = performance.now()
    requestAnimationFrame(tick)
  }
  play.addEventListener('click', toggle)
  bar.addEventListener('input', () => seek(Number(bar.value)))
  idle.addEventListener('change', () => {
    line = timeline(times, idle.checked)
  })
  const stage = element(
    'div',
    { class: 'stage' },
    screen.element,
    element('div', { class: 'controls' }, play, bar, at, speed, element('label', {}, idle, ' Skip idle time')),
  )
  stage.addEventListener('keydown', (event) => {
    if (event.target instanceof HTMLSelectElement) return
    const steps: Record<string, number> = { ArrowLeft: -5, ArrowRight: 5 }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    seek(now + step)
  })
  void show()
  const list =
    commands.length > 0
      ? element('ol', {}, ...commands.map((button) => element('li', {}, button)))
      : element('p', { class: 'quiet' }, 'No command was recognised. The screen shows what happened.')
  return element(
    'div',
    { class: 'replay' },
    stage,
    element('section', { class: 'commands', 'aria-label': 'Commands' }, element('h3', {}, `Commands ${commands.length}`), list),
  )
}
