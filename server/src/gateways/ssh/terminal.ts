import type { PseudoTtyInfo } from 'ssh2'

/** The person's terminal as the target gets it. */
export interface Terminal {
  name: string
  columns: number
  rows: number
  modes: PseudoTtyInfo['modes']
}

const terminalName = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/
const widest = 2000

/** What a client says about its terminal, within bounds. A size of nothing is what clients say that have no window: 80 by 24 then. */
export function readTerminal(info: PseudoTtyInfo): Terminal {
  return { name: terminalName.test(info.term) ? info.term : 'dumb', ...readSize(info), modes: info.modes }
}

export function readSize(info: { cols: number; rows: number }): { columns: number; rows: number } {
  return { columns: within(info.cols, 80), rows: within(info.rows, 24) }
}

const within = (count: number, otherwise: number) => (count > 0 ? Math.min(count, widest) : otherwise)

const variableName = /^(?:LANG|TERM|LC_[A-Z]{1,32})$/
const variableValue = /^[A-Za-z0-9_.@:=+-]{0,128}$/

/** Only language and terminal reach the target: any other variable may change what a program runs. */
export const mayPass = (name: string, value: string): boolean => variableName.test(name) && variableValue.test(value)
