/** Behind these words a number is secret: which digits of it are masked, by how many there are together. */
export interface CodeWord {
  from: number
  to: number
}

const verification: CodeWord = { from: 3, to: 4 }
const pin: CodeWord = { from: 4, to: 12 }
/** Sixteen hexadecimal digits: whatever of them is a digit goes. */
const pinBlock: CodeWord = { from: 1, to: 16 }

const blocks = /pin_?-?bl(?:oc)?k|encrypted_?pin/
const codes =
  /cvv|cvc|cvn2|cav2|card_?-?code|security_?-?code|verification_?-?(?:code|value|number)|(?:^|[_-])(?:cid|csc|cvn|cav)(?:$|[_-])/
const pins = /(?:^|[_-])pin(?:$|[_-])|pin_?-?(?:code|number)/

/** What a word, or two that follow each other, announces. Of letters, `_` and `-` alone, in lower case. */
export function codeWord(word: string): CodeWord | undefined {
  if (blocks.test(word)) return pinBlock
  if (codes.test(word)) return verification
  return pins.test(word) ? pin : undefined
}

/** The same of a whole text; the one that masks most. */
export function codeWordIn(text: string): CodeWord | undefined {
  let most: CodeWord | undefined
  let before = ''
  for (const word of text.toLowerCase().match(/[a-z_-]+/g) ?? []) {
    for (const announced of [codeWord(word), codeWord(`${before}_${word}`)])
      if (announced && (!most || announced.to > most.to))
        most = { from: Math.min(announced.from, most?.from ?? announced.from), to: announced.to }
    before = word
  }
  return most
}
