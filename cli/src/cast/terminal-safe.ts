/*
 * A recording is output of a machine that may have been hostile. Moving the cursor and colouring text is what a replay is
 * made of; what reaches further (clipboard, window title, links, questions that make the terminal type an answer into the
 * shell of whoever watches) is dropped.
 */

/** Operating system commands, device control, privacy and application strings (ECMA-48 8.3.89, 8.3.27, 8.3.94, 8.3.2), with their end. */
const strings = /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)/g
/** Questions: device attributes (c), status report (n), window manipulation (t), request mode (p); and ENQ, which asks for the answerback. */
const questions = /(?:\u001b\[|\u009b)[0-9;?>=!$"' ]*[cntp]|\u001bZ|\u0005/g

/** The start of a sequence whose end is still to come. */
const unfinished = /\u001b(?:\[[0-9;?>=!$"' ]*|[\]PX^_][^\u0007\u001b\u009c]*)?$/

/** For output that comes in pieces: what begins in one may end in the next, and is judged as a whole. */
export class TerminalFilter {
  #held = ''

  pass(output: string): string {
    const whole = this.#held + output
    const start = unfinished.exec(whole)?.index ?? whole.length
    this.#held = whole.slice(start, start + 65_536)
    return terminalSafe(whole.slice(0, start))
  }
}

export const terminalSafe = (output: string): string => output.replace(strings, '').replace(questions, '')
