import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, within: { type: 'string' } }, strict: false })

/** Promised are 120 s; what is left is for saying goodbye. */
const promised = 118
const wanted = Number(values.within ?? promised)

export const json = values.json === true
/** Seconds for the whole tour. */
export const within = Number.isFinite(wanted) ? wanted : promised
/** How many times as long each step may wait for what it expects. */
export const patience = within / promised
