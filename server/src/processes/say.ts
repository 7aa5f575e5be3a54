import { styleText } from 'node:util'

/** What the supervisor tells the person who started it, on standard output. */
export const say = {
  step: (text: string) => console.log(`${styleText('cyan', '›')} ${text}`),
  done: (text: string) => console.log(`${styleText('green', '✓')} ${text}`),
  warn: (text: string) => console.log(`${styleText('yellow', '!')} ${text}`),
  fail: (text: string) => console.error(`${styleText('red', '✗')} ${text}`),
  line: (text = '') => console.log(text),
  head: (text: string) => console.log(styleText('bold', text)),
  key: (name: string, value: string) => console.log(`  ${styleText('dim', name.padEnd(14))} ${value}`),
}
